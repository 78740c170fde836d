import Pipeline

/// The calendar that a data folder's sessions follow, for people.
struct FolderCalendar: CustomStringConvertible {
    /// What was chosen at the first ingest; nil in a folder from before there was a choice.
    let choice: DataSetting.Calendar?

    init(_ data: DataOption) throws {
        choice = try data.existingLog().flatMap { try DataSetting.firstChoice(of: $0) }
    }

    /// The name that `--calendar` takes.
    var name: String? { choice?.rawValue }

    /// The same as JSON.
    var json: String { name.map { "\"\($0)\"" } ?? "null" }

    var description: String {
        switch choice {
        case .xnys: "of the New York Stock Exchange (--calendar xnys)"
        case .some(.none): "the dates on which enough tickers have a bar (--calendar none)"
        case nil:
            "the dates on which enough tickers have a bar: the folder is from before there was a "
                + "calendar"
        }
    }
}

public import EventLog
import Events
public import FeedbackLoop

/// What a run was made with, read from its own log.
public struct RunOrigin: Sendable {
    /// The strategy, rebuilt from its recorded configuration.
    public var strategy: BuiltStrategy
    /// The sessions in which it decided.
    public var window: ReplayWindow

    /// Reads the origin of a run, its strategy with `settings` (`KEY=VALUE`) on top.
    public static func read(
        _ run: EventLog, settings: [(key: String, value: String)] = []
    ) throws -> RunOrigin {
        guard let first = try RunOpening.read(run) else {
            throw RunFolderError.unfinished(path: run.path)
        }
        return try RunOrigin(first, path: run.path, settings)
    }

    /// Reads what was in force at a position: of a fork's past what its parent was made with.
    public static func read(_ run: OpenedRun, at position: MergedPosition) throws -> RunOrigin {
        let starts = [0] + run.merged.forks.map(\.own)
        let before = starts.last { $0 < position.own } ?? 0
        guard let opening = try RecordedSettings.opening(run.merged, at: before + 1) else {
            throw RunFolderError.unfinished(path: run.log.path)
        }
        return try RunOrigin(opening, path: run.log.path, [])
    }

    private init(
        _ first: ConfigurationChanged, path: String, _ settings: [(key: String, value: String)]
    ) throws {
        var draft = try StrategyFile.draft(
            first.name, String(decoding: first.text, as: UTF8.self), place: path)
        for setting in settings {
            try draft.set(setting.key, setting.value, place: "\(setting.key)=\(setting.value)")
        }
        strategy = try draft.built(place: path)
        window = ReplayWindow(from: first.startDay, to: first.endDay)
    }
}

extension StrategyFile {
    /// The strategy of a recorded configuration: its name and its canonical text. `place` is named
    /// when they are no strategy's.
    public static func recorded(_ name: String, text: String, place: String)
        throws(StrategyFileError) -> BuiltStrategy
    {
        try draft(name, text, place: place).built(place: place)
    }

    fileprivate static func draft(_ name: String, _ text: String, place: String)
        throws(StrategyFileError) -> StrategyDraft
    {
        var draft = try parse(text, file: place)
        try draft.set("name", name, place: place)
        return draft
    }
}

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
        var first: ConfigurationChanged?
        try run.record(at: 1) { record in
            first = try ConfigurationChanged(message: record.message)
        }
        guard let first else { throw RunFolderError.unfinished(path: run.path) }
        var draft = try StrategyFile.draft(
            first.name, String(decoding: first.text, as: UTF8.self), place: run.path)
        for setting in settings {
            try draft.set(setting.key, setting.value, place: "\(setting.key)=\(setting.value)")
        }
        return RunOrigin(
            strategy: try draft.built(place: run.path),
            window: ReplayWindow(from: first.startDay, to: first.endDay))
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

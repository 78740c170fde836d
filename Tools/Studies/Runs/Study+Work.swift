public import Pipeline

extension Study {
    /// Measures the worlds that `lines` does not have yet, side by side; `done` is told each.
    public func work(
        _ lines: StudyLines, lanes: Int = Lanes.available, most: Int = .max,
        done: @Sendable (WorldLine) -> Void
    ) throws {
        let open = worlds.filter { !lines.has($0) }.prefix(most)
        _ = try Lanes.map(Array(open), lanes: lanes) { _, world in
            let line = try line(world)
            try lines.add(line)
            done(line)
        }
    }
}

public import Pipeline

extension Study {
    /// Measures the worlds that `lines` does not have yet, side by side, of one edge if it is
    /// named; `done` is told each.
    public func work(
        _ lines: StudyLines, edge: Int? = nil, lanes: Int = Lanes.available, most: Int = .max,
        done: @Sendable (WorldLine) -> Void
    ) throws {
        let open = worlds.filter { world in
            !lines.has(world) && edge.map { world.edge == $0 } ?? true
        }.prefix(most)
        _ = try Lanes.map(Array(open), lanes: lanes) { _, world in
            let line = try line(world)
            try lines.add(line)
            done(line)
        }
    }
}

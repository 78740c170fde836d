import Foundation

extension Row {
    /// The main job on real data, as a person runs it.
    static let real = Row(
        name: "real-data", title: "real data: ingest, ten-year backtest, rebuild of read models"
    ) { setting in
        let recount = try setting.needRecount()
        guard let input = setting.data else { throw Unavailable("needs --data") }
        let contest = Contest([
            Contestant(name: "ingest, backtest, project") {
                let data = setting.scratch.name("real")
                defer { setting.scratch.remove(data) }
                let run = ["--data", data, "--run", "feedback"]
                let ingest = "\(Setting.package)/../ingest-real"
                return try measured("ingest", [ingest, recount, input, data])
                    + measured(
                        "backtest", [recount, "backtest", "--strategy", "feedback"] + run)
                    + measured("rebuild", [recount, "project", "all", "--rebuild", "--json"] + run)
            }
        ])
        contest.maximumRounds = 5
        return contest
    }

    private static func measured(_ name: String, _ command: [String]) throws -> [Figure] {
        let child = try Child.run(command)
        return [
            Figure(name: name, unit: .seconds, value: child.seconds),
            Figure(name: "\(name), processor", unit: .seconds, value: child.processor),
            Figure(name: "\(name), peak memory", unit: .bytes, value: child.memory),
        ]
    }
}

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
                func run(_ name: String) -> [String] { ["--data", data, "--run", name] }
                let years = setting.isQuick ? ["--to", "2014-12-31"] : []
                let backtest = [recount, "backtest", "--strategy", "feedback"] + years
                let rebuild = [recount, "project", "all", "--rebuild", "--json"]
                let ingest = "\(Setting.package)/../ingest-real"
                return try measured("ingest", [ingest, recount, input, data])
                    + measured("backtest, training its models", backtest + run("first"))
                    + measured("backtest", backtest + run("second"))
                    + measured("rebuild", rebuild + run("second"))
            }
        ])
        contest.maximumRounds = 3
        contest.remark("\"backtest\" is a second run, which finds the first one's models")
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

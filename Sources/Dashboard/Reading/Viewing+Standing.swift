import Application
import EventLog
import Events
import Pipeline
import Projections

extension Viewing {
    /// How the service of a live run does; nil for a backtest.
    var standing: DaemonStanding? {
        guard opened.manifest?.live != nil,
            let standing = try? DaemonStanding.read(run, in: folder),
            let path = try? DaemonStanding.lockPath(run, in: folder)
        else { return nil }
        return standing.seen(isRunning: FileLock.isHeld(path))
    }

    /// `backtest`, `simulated`, `paper` or `live`.
    var mode: String {
        guard let live = opened.manifest?.live else { return "backtest" }
        if live.broker == "simulated" { return "simulated" }
        let mode = try? read(["portfolio"]) { reader in
            try Rows(reader, "SELECT trading_mode FROM reference_portfolio_config")
                .first?.text("trading_mode")
        }
        return mode.flatMap { $0 } ?? "paper"
    }

    /// What stands in the way of the loop now.
    var alerts: [Page.Alert] {
        guard !isPast, let standing else { return [] }
        var alerts: [Page.Alert] = []
        switch standing.state {
        case "failed", "killed", "clock":
            alerts.append(
                Page.Alert(
                    text: "The service is \(standing.state).", remedy: standing.next, level: "bad"))
        case "stopped":
            alerts.append(
                Page.Alert(
                    text: "The service was stopped.", remedy: "recountd run starts it again."))
        default: break
        }
        alerts += (standing.halts ?? []).map {
            Page.Alert(
                text: "Entries are halted: \($0)", remedy: "Settings has how it ends.", level: "bad"
            )
        }
        alerts += (standing.custody ?? []).map {
            Page.Alert(text: "In custody: \($0)", remedy: "Settings has how it ends.", level: "bad")
        }
        if standing.failedFiles > 0 {
            alerts.append(
                Page.Alert(
                    text: "\(standing.failedFiles) files of the inbox were refused.",
                    remedy: "Each has its reason beside it in inbox/failed."))
        }
        alerts += (standing.leftAlone ?? []).map {
            Page.Alert(text: "Left alone in the inbox: \($0)")
        }
        if standing.late > 0 {
            alerts.append(
                Page.Alert(
                    text:
                        "\(standing.late) facts came too late for the decisions that they are of.",
                    remedy: "recount late --run \(run) lists them."))
        }
        return alerts
    }

    /// The state of the service in a word or two.
    var state: String {
        if isPast { return "as of then" }
        guard let standing else {
            return opened.manifest?.live == nil ? "finished run" : "no service"
        }
        return standing.session.map { "\(standing.state), last session \($0)" } ?? standing.state
    }
}

/// How far the read models are behind their log.
enum Lag {
    static func block(_ viewing: Viewing) throws -> Block {
        let published = ReadModelQuery.published(data: viewing.folder, run: viewing.run)
        let positions = try published.map { name in
            (name, try TablePage.position(of: name, viewing.run, in: viewing.folder))
        }
        let behind = positions.map { viewing.end.position - min(viewing.end.position, $0.1) }
        var figures = [
            Block.Figure(
                "Read models behind the log", "\(behind.max() ?? 0) events",
                note: "\(published.count) read models; recount status")
        ]
        if let standing = viewing.standing {
            figures.append(
                Block.Figure(
                    "Instants run", "\(standing.instants)", note: "since \(standing.started)"))
            figures.append(
                Block.Figure(
                    "Files taken", "\(standing.files)", note: "refused: \(standing.failedFiles)"))
            figures.append(Block.Figure("Late facts", "\(standing.late)"))
        }
        return Block.figures("The service", figures, query: nil, viewing)
    }
}

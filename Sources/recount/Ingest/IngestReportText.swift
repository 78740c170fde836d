import EventLog
import Events
import Foundation
import Ingest
import Market

/// The report of an import, for people and for programs.
enum IngestReportText {
    static func table(_ reports: [FileReport], isRehearsal: Bool) -> String {
        let added = isRehearsal ? "would be added" : "added"
        var lines: [String] = []
        for report in reports {
            let name = FilePath.name(report.file)
            lines.append(
                "\(name) (\(report.format)): \(report.rows) rows = \(report.added) \(added) + "
                    + "\(report.duplicates) duplicates + \(report.rejected) rejected; "
                    + "\(report.events) events")
            if report.actions > 0 {
                lines.append(
                    "  \(padded("\(report.actions)", 9))  splits, dividends and other actions; the "
                        + "bars are kept as they were traded")
            }
            for reason in report.reasons {
                lines.append(
                    "  \(padded("\(reason.count)", 9))  \(reason.reason), first at line "
                        + "\(reason.firstLine)" + shown(reason))
            }
            for note in report.notes {
                lines.append(
                    "  \(padded("\(note.count)", 9))  taken, but \(words(note.remark)), first at "
                        + "line \(note.firstLine)")
            }
            for jump in report.jumps {
                lines.append("             \(jump.ticker) \(jump.day) \(jump.text)")
            }
        }
        if reports.contains(where: { $0.format == "senate" && $0.count(.noTransactions) > 0 }) {
            lines.append("A filing without transactions counts as one row.")
        }
        return lines.joined(separator: "\n")
    }

    static func json(_ reports: [FileReport], isRehearsal: Bool, seal: String?) -> String {
        let files = reports.map { report -> String in
            let reasons = report.reasons.map {
                "{\"reason\":\"\($0.reason)\",\"count\":\($0.count),\"first_line\":\($0.firstLine),"
                    + "\"field\":\(JSONText.quoted($0.field)),"
                    + "\"value\":\(JSONText.quoted($0.value))}"
            }
            let notes = report.notes.map {
                "{\"remark\":\"\($0.remark)\",\"count\":\($0.count),\"first_line\":\($0.firstLine)}"
            }
            let jumps = report.jumps.map {
                "{\"ticker\":\"\($0.ticker)\",\"day\":\"\($0.day)\",\"before\":\($0.before),"
                    + "\"after\":\($0.after)}"
            }
            return "{\"file\":\(JSONText.quoted(report.file)),\"format\":\"\(report.format)\","
                + "\"rows\":\(report.rows),\"added\":\(report.added),\"actions\":\(report.actions),"
                + "\"duplicates\":\(report.duplicates),\"rejected\":\(report.rejected),"
                + "\"events\":\(report.events),\"reasons\":[\(reasons.joined(separator: ","))],"
                + "\"jumps\":[\(jumps.joined(separator: ","))],"
                + "\"notes\":[\(notes.joined(separator: ","))]}"
        }
        let rehearsal = isRehearsal ? "\"dry_run\":true," : ""
        let anchor = seal.map { ",\"seal\":\"\($0)\"" } ?? ""
        return "{\(rehearsal)\"files\":[\(files.joined(separator: ","))]\(anchor)}"
    }

    /// The field at fault and what stands there, short.
    private static func shown(_ reason: FileReport.Reason) -> String {
        guard !reason.field.isEmpty else { return "" }
        let value = reason.value
        let short =
            Terminal.cutsText && value.count > 40 ? value.prefix(39) + "…" : Substring(value)
        return Terminal.line(": \(reason.field) \"\(short)\"")
    }

    private static func words(_ remark: RowRemark) -> String {
        switch remark {
        case .tradedBeforeAct: "traded before the STOCK Act (2012-04-04)"
        case .filedYearsLater: "filed more than five years after the trade"
        case .amountOutsideBands: "its amount is no band of the forms"
        case .amendsNothing: "it amends a filing that is not there"
        case .withdrawsNothing: "it withdraws a filing that is not there"
        case .actionInPrices: "the split or dividend is in the prices already"
        case .actionNotShown: "its split is not: the prices do not show it"
        case .spinOffTwice: "its dividend is not: it is the spin-off beside it, told twice"
        case .adjustedDiffers: "the adjusted close says another return than the actions"
        case .unexplainedJump:
            "the close jumps by about a whole factor and nothing explains it: a split?"
        }
    }

    private static func padded(_ text: String, _ width: Int) -> String {
        String(repeating: " ", count: max(0, width - text.count)) + text
    }
}

import ArgumentParser
import EventLog
import Events
import Foundation

/// What the links of a chain prove together, and what nothing in the folder can.
extension ChainCheck {
    /// The links as text, one a line, and what they prove.
    var text: String {
        let lines = links.map { link in
            let state = link.holds.map { $0 ? "holds" : "BROKEN" } ?? "UNCHECKED"
            let name = link.name.padded(to: 9)
            return "\(name) \(link.subject): \(state): \(link.text)"
        }
        let proof = proven.map { "proven: \($0)" } + unproven.map { "not proven: \($0)" }
        return (lines + proof).joined(separator: "\n")
    }

    /// One JSON object.
    var json: String {
        let links = links.map { link in
            var object = JSONObject()
            object.text("link", link.name)
            object.text("subject", link.subject)
            object.text("state", link.holds.map { $0 ? "holds" : "broken" } ?? "unchecked")
            object.text("text", link.text)
            return object.text
        }
        var object = JSONObject()
        object.boolean("holds", isWhole)
        object.json("links", JSONObject.list(links))
        object.json("proven", JSONObject.list(proven.map { JSONText.quoted($0) }))
        object.json("unproven", JSONObject.list(unproven.map { JSONText.quoted($0) }))
        return object.text
    }

    private var isWhole: Bool { links.allSatisfy { $0.holds == true } }

    private func holds(_ name: String) -> Bool {
        let found = links.filter { $0.name == name }
        return !found.isEmpty && found.allSatisfy { $0.holds == true }
    }

    /// What holds, in sentences.
    private var proven: [String] {
        var proven: [String] = []
        if holds("log") { proven.append("no log was changed without its seals") }
        if holds("timeline"), holds("run") {
            proven.append("the facts give the timelines, and those the decisions, to the byte")
        }
        if holds("view") {
            proven.append("the read models that are current have the rows that the logs give")
        }
        if holds("anchor"), let expect {
            proven.append(
                "the facts up to position \(expect.anchor.position) are those of the line that was "
                    + "kept elsewhere")
        }
        if holds("backup") {
            proven.append("the logs that were compared have the past that the backup has")
        }
        return proven
    }

    /// What somebody who can write the folder could have done all the same.
    private var unproven: [String] {
        var unproven: [String] = []
        if !isWhole { unproven.append("whatever hangs on a link that is broken or unchecked") }
        if !holds("anchor") {
            unproven.append(
                "that the facts are those that once came: who can write the folder can make all "
                    + "links anew together, and only a line kept elsewhere finds that (--expect, "
                    + "recount seal)"
                    + (backup == nil ? ", or a backup kept elsewhere (--backup)" : ""))
        }
        if !links.contains(where: { $0.name == "run" }) {
            unproven.append("anything of a run: none was looked at (--run, --all)")
        } else if !retrains {
            unproven.append("that the models are what training gives (--retrain)")
        }
        return unproven
    }

    /// What the process ends with.
    func end() throws {
        if links.contains(where: { $0.holds == false }) { throw ExitCode(ExitStatus.data.rawValue) }
        if links.contains(where: { $0.holds == nil }) {
            throw ExitCode(ExitStatus.system.rawValue)
        }
    }
}

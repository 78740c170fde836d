import ArgumentParser
import Audit

/// `recount effects`
struct EffectsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "effects",
        abstract: "Say what a filing, a model or a setting led to, in numbers and money.",
        discussion: """
            Everything that names the event or was decided under it, and what followed from that: \
            signals, orders, fills, outcomes. Kinds and names are those of recount why. It counts \
            what the event had a part in, not what would have been without it. \
            \(EventArgument.explained)

            Example: recount effects filing t398 --data DIR --run first
                     recount effects model r5200 --data DIR --run first
                     recount effects setting --data DIR --run first
            """)

    @Argument(help: "What is asked about.") var kind: String
    @Argument(help: ArgumentHelp("A ticker, in capitals or not, or an event.", valueName: "id"))
    var id: String?
    @OptionGroup var option: WhyOption
    @Flag(name: .long, help: "One JSON object.") var json = false

    func run() throws {
        let question = try WhyQuestion(kind: kind, id: id)
        let view = try option.open()
        let why = Why(view.log, lineage: view.lineage, through: view.position)
        let effects = try view.known(question) { try why.effects(question) }
        print(json ? effects.json : effects.text)
    }
}

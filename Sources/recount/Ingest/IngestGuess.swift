import ArgumentParser
import Events
import Ingest

/// `recount ingest guess`
struct IngestGuess: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "guess",
        abstract: "Print the mapping that a file would be read by, and three rows as understood.",
        discussion: """
            The mapping is YAML for --map, to be corrected and given to recount ingest \
            disclosures, prices or index. Nothing is written.

            Example: recount ingest guess trades.csv >map.yaml
            """)

    @Argument(help: "A file, plain or gzip.") var file: String
    @OptionGroup var shape: ShapeOptions
    @Flag(name: .long, help: "One JSON object.") var json = false

    func run() throws {
        let guess = try Guess(file, mapping: shape.mapping(), dates: shape.order())
        print(json ? object(guess) : guess.description)
    }

    private func object(_ guess: Guess) -> String {
        var object = JSONObject()
        object.text("file", file)
        object.text("kind", guess.kind)
        object.json(
            "columns",
            JSONObject.list(
                guess.columns.map { column in
                    var object = JSONObject()
                    object.text("column", column.name)
                    object.text("field", column.field)
                    return object.text
                }))
        object.json("missing", JSONObject.list(guess.missing.map { JSONText.quoted($0) }))
        object.text("dates", shape.dates)
        object.json("rows", JSONObject.list(guess.rows.map { JSONText.quoted($0) }))
        object.json("refusals", JSONObject.list(guess.refusals.map { JSONText.quoted($0) }))
        return object.text
    }
}

import ArgumentParser
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

    func run() throws {
        let guess = try Guess(file, mapping: shape.mapping(), dates: shape.order())
        print(guess.description)
    }
}

import ArgumentParser
import Events
import Foundation
import Projections
import XGBoost

struct ModelsExport: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Write a model's artefact as XGBoost's own file.",
        discussion: """
            The file's SHA-256 is checked; Python reads it with xgboost.Booster(model_file=FILE).

            Example: recount models export champion --data DIR --run first --out champion.ubj
            """)

    @Argument(help: ArgumentHelp("The model.", valueName: "model")) var model: String
    @OptionGroup var option: ModelsOption
    @Option(name: .long, help: ArgumentHelp("The file, ending in .ubj.", valueName: "file"))
    var out: String
    @Flag(name: .long, help: "Replace a file that is there.") var force = false
    @Flag(name: .long, help: "One JSON object.") var json = false

    func validate() throws {
        guard out.hasSuffix(".ubj") else {
            throw ValidationError(
                "--out \(out): XGBoost tells the format by the name; let it end in .ubj")
        }
    }

    func run() throws {
        try OutputFile.check(out, option: "--out", inputs: [], data: option.log.data.folder)
        let row = try option.registry().model(model)
        let id = row.text("id") ?? model
        guard row.text("model_artifact_path") != nil,
            let digest = row.text("artifact_sha256").flatMap({ Digest($0) })
        else {
            let why = row.text("error_message") ?? row.text("status_reason") ?? "?"
            throw ModelRegistryError(description: "\(id) has no artefact: \(why)")
        }
        let artefact = try option.log.store.read(digest)
        guard force || !FileManager.default.fileExists(atPath: out) else {
            throw ModelRegistryError(
                description: "\(out) is there already; name another file or add --force")
        }
        let file = try OutputFile(out, option: "--out", inputs: [], data: option.log.data.folder)
        try file.write(artefact)
        try file.commit()
        guard !json else {
            var object = JSONObject()
            object.text("model", id)
            object.text("file", out)
            object.integer("bytes", artefact.count)
            object.text("artifact_sha256", "\(digest)")
            return print(object.text)
        }
        print("\(id): \(artefact.count) bytes to \(out), SHA-256 \(digest)")
    }
}

import Foundation
import PackagePlugin

/// Embeds the DDL of the read models before `Projections` is compiled.
@main
struct ReadModelPlugin: BuildToolPlugin {
    func createBuildCommands(context: PluginContext, target: any Target) throws -> [Command] {
        let folder = context.package.directoryURL.appending(path: "Schemas/ReadModels")
        let files = try FileManager.default
            .contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
            .filter { $0.pathExtension == "sql" }
            .sorted { $0.lastPathComponent < $1.lastPathComponent }
        let output = context.pluginWorkDirectoryURL.appending(path: "ReadModelDDL.swift")
        return [
            .buildCommand(
                displayName: "Embed the read models",
                executable: try context.tool(named: "schema-compiler").url,
                arguments: ["embed", output.path(percentEncoded: false)]
                    + files.map { $0.path(percentEncoded: false) },
                inputFiles: files, outputFiles: [output])
        ]
    }
}

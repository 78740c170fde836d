import Foundation
import PackagePlugin

/// Generates the Swift of the event schema before `Events` is compiled.
@main
struct SchemaPlugin: BuildToolPlugin {
    func createBuildCommands(context: PluginContext, target: any Target) throws -> [Command] {
        let schema = context.package.directoryURL.appending(path: "Schemas/recount.xml")
        let folder = context.pluginWorkDirectoryURL
        let names = [
            "SchemaTypes.swift", "SchemaMessages.swift", "SchemaViews.swift", "EventSchema.swift",
            "EventFold.swift",
        ]
        return [
            .buildCommand(
                displayName: "Compile the event schema",
                executable: try context.tool(named: "schema-compiler").url,
                arguments: [
                    "generate", schema.path(percentEncoded: false),
                    folder.path(percentEncoded: false),
                ],
                inputFiles: [schema],
                outputFiles: names.map { folder.appending(path: $0) })
        ]
    }
}

import Mustache

/// The templates of the pages.
enum Templates {
    /// All of them, under the names of their files.
    private static let library: MustacheLibrary = {
        let files: [(String, [UInt8])] = [
            ("page", PackageResources.page_mustache),
            ("figures", PackageResources.figures_mustache),
            ("table", PackageResources.table_mustache),
            ("unfolding", PackageResources.unfolding_mustache),
            ("chart", PackageResources.chart_mustache), ("text", PackageResources.text_mustache),
            ("form", PackageResources.form_mustache), ("tree", PackageResources.tree_mustache),
            ("node", PackageResources.node_mustache), ("query", PackageResources.query_mustache),
        ]
        var library = MustacheLibrary()
        for (name, bytes) in files {
            do {
                try library.register(text(bytes), named: name)
            } catch {
                preconditionFailure("the template \(name) is broken: \(error)")
            }
        }
        return library
    }()

    static func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

    /// A page of what its template is told.
    static func page(_ context: [String: Any]) -> String {
        library.render(context, withTemplate: "page") ?? ""
    }
}

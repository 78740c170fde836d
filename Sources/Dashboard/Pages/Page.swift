import EventLog
import Events

/// What a page shows.
struct Page {
    /// Something that must be seen first.
    struct Alert {
        var text: String
        var remedy: String?
        /// `bad`, `good`, or nothing.
        var level = ""
    }

    var heading: String
    var lead: String?
    var alerts: [Alert] = []
    var blocks: [Block] = []
}

/// A page of the site: its path, what is read for it, and how it is made.
struct PageKind: Sendable {
    /// Its name in the menu; nil for one that other pages lead to.
    var name: String?
    /// Its path; what follows is its parameters.
    var path: String
    /// The read models whose changes change it.
    var projections: [String]
    /// Parts of the path behind its own.
    var parameters = 0
    let make: @Sendable (Viewing, [String]) throws -> Page

    init(
        _ name: String?, _ path: String, _ projections: [String], parameters: Int = 0,
        _ make: @escaping @Sendable (Viewing, [String]) throws -> Page
    ) {
        (self.name, self.path, self.projections) = (name, path, projections)
        (self.parameters, self.make) = (parameters, make)
    }

    private var parts: [String] { path.split(separator: "/").map(String.init) }

    /// The parameters in a path; nil for another page's.
    func match(_ segments: [String]) -> [String]? {
        let parts = parts
        guard segments.count == parts.count + parameters, segments.starts(with: parts) else {
            return nil
        }
        return Array(segments.dropFirst(parts.count))
    }
}

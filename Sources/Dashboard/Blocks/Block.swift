import Application
import EventLog

/// A value as a template is told it: `false` for one that is not there, which hides its section.
func shown(_ value: (any Sendable)?) -> any Sendable { value ?? false }

/// A part of a page: which template it is written by, and what that is told.
///
/// Templates look for a name they lack in what stands around them: each block tells them all of
/// its names.
struct Block {
    /// A number or a word with its name.
    struct Figure {
        var name: String
        var value: String
        var note: String?
        var tone: String?
        var link: String?

        init(
            _ name: String, _ value: String, note: String? = nil, tone: String? = nil,
            link: String? = nil
        ) {
            (self.name, self.value, self.note) = (name, value, note)
            (self.tone, self.link) = (tone, link)
        }

        var context: [String: Any] {
            [
                "name": name, "value": value, "note": note ?? false, "tone": tone ?? false,
                "href": link ?? false,
            ]
        }
    }

    /// A cell of a table.
    struct Cell {
        var text: String
        var style: String?
        var link: String?

        init(_ text: String, style: String? = nil, link: String? = nil) {
            (self.text, self.style, self.link) = (text, style, link)
        }

        /// A number: it stands at the right.
        static func number(_ text: String, tone: String? = nil, link: String? = nil) -> Cell {
            Cell(text, style: tone.map { "n \($0)" } ?? "n", link: link)
        }

        var context: [String: Any] {
            ["text": text, "style": style ?? false, "href": link ?? false]
        }
    }

    /// A column of a table.
    struct Column {
        var name: String
        var isNumber: Bool

        init(_ name: String, isNumber: Bool = false) {
            (self.name, self.isNumber) = (name, isNumber)
        }
        static func number(_ name: String) -> Column { Column(name, isNumber: true) }
    }

    /// What leads on.
    struct Link {
        var text: String
        var target: String

        init(_ text: String, _ target: String) { (self.text, self.target) = (text, target) }
        var context: [String: Any] { ["text": text, "href": target] }
    }

    /// A step of what a row led to.
    struct Step {
        var name: String
        var text: String
        var tone: String?
        var link: String?

        init(_ name: String, _ text: String, tone: String? = nil, link: String? = nil) {
            (self.name, self.text, self.tone, self.link) = (name, text, tone, link)
        }

        var context: [String: Any] {
            ["name": name, "text": text, "tone": tone ?? false, "href": link ?? false]
        }
    }

    /// A row that unfolds.
    struct Unfolding {
        var cells: [Cell]
        var steps: [Step]
        var links: [Link] = []
    }

    let context: [String: Any]

    init(_ kind: String, _ fields: [String: Any]) {
        context = fields.merging(["kind": kind]) { $1 }
    }

    /// The names of a query, for the template of that name.
    static func asked(_ query: String?, _ viewing: Viewing) -> [String: Any] {
        guard let query else { return ["sql": false] }
        let moment = viewing.isPast ? " --as-of \(viewing.position.position)" : ""
        return [
            "sql": true,
            "command": "recount sql --data DIR --run \(viewing.run)\(moment) \"\(query)\"",
        ]
    }

    static func figures(
        _ title: String?, _ figures: [Figure], query: String?, _ viewing: Viewing
    ) -> Block {
        Block(
            "figures",
            ["title": title ?? false, "figures": figures.map(\.context)].merging(
                asked(query, viewing)
            ) { $1 })
    }

    static func table(
        _ title: String?, text: String? = nil, _ columns: [Column],
        _ rows: [(tone: String?, cells: [Cell])], empty: String, more: Link? = nil,
        query: String?, _ viewing: Viewing
    ) -> Block {
        let fields: [String: Any] = [
            "title": title ?? false, "text": text ?? false, "label": title ?? "rows",
            "columns": columns.map { ["name": $0.name, "isNumber": $0.isNumber] as [String: Any] },
            "rows": rows.map {
                ["tone": $0.tone ?? false, "cells": $0.cells.map(\.context)] as [String: Any]
            },
            "isEmpty": rows.isEmpty, "empty": empty, "more": more?.target ?? false,
            "moreText": more?.text ?? "",
        ]
        return Block("table", fields.merging(asked(query, viewing)) { $1 })
    }

    static func unfolding(
        _ title: String?, text: String? = nil, _ rows: [Unfolding], empty: String,
        more: Link? = nil, query: String?, _ viewing: Viewing
    ) -> Block {
        let fields: [String: Any] = [
            "title": title ?? false, "text": text ?? false,
            "rows": rows.map {
                [
                    "cells": $0.cells.map(\.context), "steps": $0.steps.map(\.context),
                    "links": $0.links.map(\.context),
                ] as [String: Any]
            },
            "isEmpty": rows.isEmpty, "empty": empty, "more": more?.target ?? false,
            "moreText": more?.text ?? "",
        ]
        return Block("unfolding", fields.merging(asked(query, viewing)) { $1 })
    }

    static func text(
        _ title: String?, _ paragraphs: [String], links: [Link] = [], code: String? = nil
    ) -> Block {
        Block(
            "text",
            [
                "title": title ?? false, "paragraphs": paragraphs,
                "links": links.map(\.context), "code": code ?? false,
            ])
    }
}

import EventLog
import Events
import Projections

/// The contract of the API, OpenAPI 3.1: made from the very routes that answer.
public enum OpenAPI {
    /// The document as YAML.
    public static let text: String = {
        let lines = document.lines()
        return lines.joined(separator: "\n") + "\n"
    }()

    private static var document: YAMLNode {
        let routes = APIService.allRoutes
        var paths: [(String, YAMLNode)] = []
        for route in routes where !paths.contains(where: { $0.0 == route.path }) {
            let here = routes.filter { $0.path == route.path }
            paths.append(
                (
                    route.path,
                    .mapping(here.map { ($0.method.lowercased(), operation($0)) })
                ))
        }
        return .mapping([
            ("openapi", .text("3.1.0")),
            (
                "info",
                .mapping([
                    ("title", .text("Recount")), ("version", .text("1")),
                    (
                        "description",
                        .text(
                            "The event-sourced feedback loop. Reads need a token off loopback, "
                                + "writes always. Errors are RFC 9457.")
                    ),
                ])
            ),
            ("servers", .list([.mapping([("url", .text("http://127.0.0.1:8080"))])])),
            ("security", .list([.mapping([]), .mapping([("token", .list([]))])])),
            ("paths", .mapping(paths)),
            (
                "components",
                .mapping([
                    (
                        "securitySchemes",
                        .mapping([
                            (
                                "token",
                                .mapping([
                                    ("type", .text("http")), ("scheme", .text("bearer")),
                                ])
                            )
                        ])
                    ),
                    ("schemas", .mapping([("Problem", problem.tree)])),
                    (
                        "responses",
                        .mapping([
                            (
                                "Problem",
                                .mapping([
                                    ("description", .text("Why it is not answered.")),
                                    (
                                        "content",
                                        .mapping([
                                            (
                                                "application/problem+json",
                                                .mapping([
                                                    ("schema", Schema.named("Problem").tree)
                                                ])
                                            )
                                        ])
                                    ),
                                ])
                            )
                        ])
                    ),
                ])
            ),
        ])
    }

    private static let problem = Schema.object([
        .init("type", .text(format: "uri")), .init("title", .text()),
        .init("status", .integer(least: 400, most: 599)), .init("detail", .text()),
        .init("request_id", .text()),
        .init("invalid", .list(.text()), isRequired: false, "The fields that are meant."),
    ])

    private static func operation(_ route: Route) -> YAMLNode {
        var fields: [(String, YAMLNode)] = [
            ("operationId", .text(route.name)), ("summary", .text(route.summary)),
        ]
        if route.isWrite {
            fields.append(("security", .list([.mapping([("token", .list([]))])])))
            fields.append(("x-role", .text(route.role.rawValue)))
        }
        if !route.parameters.isEmpty {
            fields.append(("parameters", .list(route.parameters.map { parameter($0) })))
        }
        if let body = route.body {
            fields.append(
                (
                    "requestBody",
                    .mapping([
                        ("required", .plain("true")),
                        (
                            "content",
                            .mapping([("application/json", .mapping([("schema", body.tree)]))])
                        ),
                    ])
                ))
        }
        fields.append(("responses", responses(route)))
        return .mapping(fields)
    }

    private static func parameter(_ parameter: Route.Parameter) -> YAMLNode {
        .mapping([
            ("name", .text(parameter.name)),
            ("in", .text(parameter.isInPath ? "path" : "query")),
            ("required", .plain(parameter.isInPath ? "true" : "false")),
            ("description", .text(parameter.meaning)), ("schema", parameter.schema.tree),
        ])
    }

    private static func responses(_ route: Route) -> YAMLNode {
        var fields: [(String, YAMLNode)] = []
        for answer in route.answers where !fields.contains(where: { $0.0 == "\(answer.status)" }) {
            let same = route.answers.filter { $0.status == answer.status }
            var response: [(String, YAMLNode)] = [("description", .text(answer.meaning))]
            let contents = same.filter { !$0.type.isEmpty }.map {
                ($0.type, YAMLNode.mapping([("schema", $0.schema.tree)]))
            }
            if !contents.isEmpty { response.append(("content", .mapping(contents))) }
            fields.append(("\(answer.status)", .mapping(response)))
        }
        fields.append(
            ("default", .mapping([("$ref", .text("#/components/responses/Problem"))])))
        return .mapping(fields)
    }
}

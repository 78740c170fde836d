import Foundation
import Testing

@testable import API

@Suite("The contract")
struct ContractTests {
    @Test("Schemas/api.yaml is the contract of the routes that answer")
    func file() throws {
        let path = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "Schemas/api.yaml").path
        if ProcessInfo.processInfo.environment["RECOUNT_REWRITE_GOLDEN"] != nil {
            try OpenAPI.text.write(toFile: path, atomically: true, encoding: .utf8)
        }
        let text = try? String(contentsOfFile: path, encoding: .utf8)
        #expect(text == OpenAPI.text, "RECOUNT_REWRITE_GOLDEN=1 writes it anew")
    }

    @Test("each route has a name of its own, and each parameter of its path is described")
    func routes() {
        let routes = APIService.allRoutes
        #expect(Set(routes.map(\.name)).count == routes.count)
        #expect(Set(routes.map { "\($0.method) \($0.path)" }).count == routes.count)
        for route in routes {
            for case .parameter(let name) in route.parts {
                #expect(
                    route.parameters.contains { $0.name == name && $0.isInPath },
                    "\(route.path): \(name)")
            }
        }
    }

    @Test("reads answer in the shape that the contract has")
    func shapes() {
        let world = APIWorld.shared
        for route in APIService.allRoutes
        where route.method == "GET" && !route.path.contains("{") {
            let answer = world.ask("GET", route.path)
            let known = route.answers.filter { $0.status == answer.status }
            guard answer.status < 400 else {
                #expect([404, 409].contains(answer.status), "\(route.path) \(answer.text)")
                continue
            }
            let type = answer.field("content-type")?.split(separator: ";").first ?? ""
            guard let shape = known.first(where: { $0.type == type }) else {
                Issue.record("\(route.path): \(answer.status) \(type)")
                continue
            }
            if type == "application/json", let value = answer.json {
                #expect(shape.schema.violation(of: value, at: "") == nil, "\(route.path)")
            }
        }
    }
}

import Testing

/// Which module may import which. The table is Package.swift's, and ARCHITECTURE.md's layers: the
/// core at the top needs nothing below it, the executable at the end everything.
@Suite("The arrows between modules")
struct ArrowTests {
    struct Module: Sendable, CustomTestStringConvertible {
        let name: String
        /// Modules of the project.
        let needs: [String]
        /// Modules of the system and of packages.
        var system: [String] = []
        /// Modules of the project that it needs where `RECOUNT_NETWORK` is set.
        var network: [String] = []

        var testDescription: String { name }
    }

    static let modules = [
        // Pure core: no Foundation, no clock, no C library but in one file.
        Module(name: "Events", needs: []),
        Module(name: "Market", needs: ["Events"], system: ["Glibc", "Musl"]),
        Module(name: "Learning", needs: ["Events", "Market"]),
        Module(name: "Brokerage", needs: ["Events", "Market"]),
        Module(
            name: "Alpaca", needs: ["Brokerage", "Events", "Market"],
            system: ["Foundation", "Glibc"]),
        Module(
            name: "BrokerNetwork", needs: ["Alpaca", "Brokerage"],
            system: [
                "AsyncHTTPClient", "NIOCore", "NIOHTTP1", "NIOPosix", "NIOSSL", "NIOWebSocket",
                "Synchronization",
            ]),
        Module(name: "FeedbackLoop", needs: ["Brokerage", "Events", "Learning", "Market"]),
        Module(name: "Simulation", needs: ["Events"]),
        // The log.
        Module(name: "Digests", needs: ["CCrypto", "Events"], system: ["Synchronization"]),
        Module(name: "LMDB", needs: ["CLMDB"], system: ["Glibc", "Synchronization"]),
        Module(
            name: "EventLog", needs: ["CPlatform", "Digests", "Events", "LMDB"],
            system: ["Foundation", "Glibc", "Synchronization"]),
        // Effects, each behind one port.
        Module(
            name: "XGBoost", needs: ["CXGBoost", "Digests", "Events", "Learning"],
            system: ["Foundation", "Glibc", "Musl"]),
        Module(
            name: "Ingest", needs: ["CZlib", "Digests", "EventLog", "Events", "Market"],
            system: ["Foundation", "Glibc", "Yams"]),
        // The shell.
        Module(
            name: "Pipeline",
            needs: ["Digests", "EventLog", "Events", "FeedbackLoop", "Learning", "Market"],
            system: ["Dispatch", "Foundation", "Synchronization", "Yams"]),
        Module(
            name: "Projections",
            needs: ["Digests", "EventLog", "Events", "FeedbackLoop", "Learning", "Market"],
            system: ["Foundation", "GRDB", "GRDBSQLite"]),
        Module(
            name: "Backtest",
            needs: ["EventLog", "Events", "FeedbackLoop", "Learning", "Market", "Pipeline"],
            system: ["Darwin", "Foundation", "Glibc"]),
        Module(
            name: "Audit",
            needs: [
                "Digests", "EventLog", "Events", "FeedbackLoop", "Learning", "Market", "Pipeline",
            ],
            system: ["Dispatch", "Foundation", "Synchronization"]),
        Module(
            name: "Application",
            needs: [
                "Audit", "Digests", "EventLog", "Events", "FeedbackLoop", "Ingest", "Learning",
                "Market", "Pipeline", "Projections", "Simulation", "XGBoost",
            ],
            system: ["Foundation", "Synchronization"]),
        Module(
            name: "Service",
            needs: [
                "Brokerage", "Digests", "EventLog", "Events", "FeedbackLoop", "Ingest", "Learning",
                "Market", "Pipeline",
            ], system: ["CoreMetrics", "Foundation", "Logging", "Synchronization", "Yams"]),
        Module(
            name: "API",
            needs: [
                "Application", "Audit", "Digests", "EventLog", "Events", "FeedbackLoop",
                "Learning", "Market", "Pipeline", "Projections",
            ], system: ["Foundation", "Synchronization"]),
        Module(
            name: "Dashboard",
            needs: [
                "API", "Application", "Audit", "Backtest", "EventLog", "Events", "FeedbackLoop",
                "Market", "Pipeline", "Projections",
            ], system: ["Foundation", "Mustache", "Synchronization"]),
        Module(
            name: "ServiceHTTP", needs: ["API", "Service"],
            system: [
                "HTTPTypes", "Hummingbird", "HummingbirdCore", "Logging", "NIOCore", "NIOPosix",
                "ServiceLifecycle",
            ]),
        Module(
            name: "ServiceWebhooks", needs: ["Service"],
            system: ["AsyncHTTPClient", "NIOCore", "NIOHTTP1"]),
        Module(
            name: "recountd",
            needs: [
                "API", "Application", "Dashboard", "EventLog", "Events", "Ingest", "Learning",
                "Market", "Pipeline", "Projections", "Service", "ServiceHTTP", "Simulation",
                "XGBoost",
            ],
            system: [
                "ArgumentParser", "Foundation", "Logging", "ServiceLifecycle", "Synchronization",
                "UnixSignals",
            ], network: ["Alpaca", "Brokerage", "BrokerNetwork", "ServiceWebhooks"]),
        Module(
            name: "recount",
            needs: [
                "Application", "Audit", "Backtest", "EventLog", "Events", "FeedbackLoop", "Ingest",
                "Learning",
                "Market", "Pipeline", "Projections", "Simulation", "XGBoost",
            ], system: ["ArgumentParser", "Foundation", "Synchronization"]),
    ]

    /// Folders whose code is C, and the modules that they make.
    static let foreign = ["CCrypto", "CLMDB", "CPlatform", "CXGBoost", "CZlib"]

    @Test("every folder of Sources is a module of the table, and the other way round")
    func complete() throws {
        let expected = ArrowTests.modules.map(\.name) + ArrowTests.foreign
        #expect(try Tree.folders(in: "Sources") == expected.sorted())
    }

    @Test(
        "a module needs only modules that stand above it in the table, or are C: no arrow is cyclic"
    )
    func layered() {
        var above = ArrowTests.foreign
        for module in ArrowTests.modules {
            for need in module.needs {
                #expect(above.contains(need), "\(module.name) needs \(need)")
            }
            above.append(module.name)
        }
    }

    @Test("a file imports nothing but what the table allows its module", arguments: modules)
    func imports(module: Module) {
        let files = Tree.all(under: "Sources/\(module.name)")
        #expect(!files.isEmpty)
        var used: [String] = []
        for file in files {
            for (imported, line) in file.source.imports {
                if !(module.needs + module.system + module.network).contains(imported) {
                    Issue.record("\(file.path):\(line) imports \(imported)")
                }
                used.append(imported)
            }
        }
        for system in module.system {
            #expect(used.contains(system), "\(module.name) no longer imports \(system)")
        }
    }

    @Test("Package.swift has the arrows of the table and no other", arguments: modules)
    func manifest(module: Module) throws {
        let manifest = try #require(Tree.all.first { $0.path == "Package.swift" }).source
        let needs = try #require(ArrowTests.needs(of: module.name, manifest))
        #expect(needs.sorted() == module.needs.sorted())
    }

    /// The modules of the project that a target of a manifest names; nil without such a target.
    static func needs(of target: String, _ manifest: SwiftSource) -> [String]? {
        let tokens = manifest.tokens
        let start = tokens.indices.first { index in
            ["target", "executableTarget"].contains(tokens[index].text)
                && tokens[index...].dropFirst().prefix(4).map(\.text)
                    == ["(", "name", ":", target]
        }
        guard let start else { return nil }
        var (needs, depth, list): ([String], Int, Int?) = ([], 0, nil)
        for index in tokens.indices[(start + 1)...] {
            let token = tokens[index]
            if token.kind == .symbol, "([".contains(token.text) {
                depth += 1
                if token.text == "[", depth == 2, tokens[index - 2].text == "dependencies" {
                    list = depth
                }
            } else if token.kind == .symbol, ")]".contains(token.text) {
                if depth == list { return needs }
                depth -= 1
                if depth == 0 { break }
            } else if token.kind == .string, depth == list {
                needs.append(token.text)
            }
        }
        return needs
    }

    @Test("the manifest's reader takes names of targets, and no product")
    func reader() {
        let manifest = SwiftSource(
            """
            let a = [.target(name: "A"), .target(name: "B", dependencies: [
                "A", .product(name: "P", package: "p"), "C"], swiftSettings: ["x"]),
                .testTarget(name: "D", dependencies: ["A"])]
            """)
        #expect(ArrowTests.needs(of: "A", manifest) == [])
        #expect(ArrowTests.needs(of: "B", manifest) == ["A", "C"])
        #expect(ArrowTests.needs(of: "D", manifest) == nil)
    }
}

// swift-tools-version: 6.2
import PackageDescription

/// Every Swift target of Recount is compiled under these rules (see ARCHITECTURE.md).
let strict: [SwiftSetting] =
    [
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("InternalImportsByDefault"),
        .enableUpcomingFeature("MemberImportVisibility"),
    ]
    + (Context.environment["RECOUNT_WARNINGS_AS_ERRORS"] == nil
        ? [] : [.treatAllWarnings(as: .error)])

/// Targets that lend `~Escapable` views over memory they do not own.
let lending: [SwiftSetting] = strict + [.enableExperimentalFeature("Lifetimes")]

/// Targets that touch C: every unsafe expression is marked.
let unsafeConfined: [SwiftSetting] = lending

/// A release of the command holds Swift's libraries: it starts in half the time, and where there is
/// no Swift. The archives name each other, hence the group. An image has both commands, and one
/// copy of the libraries beside them (RECOUNT_SHARED_LIBRARIES): 50 MB less.
let selfContained: [LinkerSetting] =
    Context.environment["RECOUNT_SHARED_LIBRARIES"] != nil
    ? []
    : [
        .unsafeFlags(
            [
                "-static-stdlib", "-Xlinker", "--start-group", "-lFoundation",
                "-lFoundationInternationalization", "-lFoundationEssentials", "-lCoreFoundation",
                "-l_FoundationICU", "-l_FoundationCShims", "-l_FoundationCollections",
                "-lBlocksRuntime", "-ldispatch", "-Xlinker", "--end-group", "-lstdc++",
            ], .when(platforms: [.linux], configuration: .release))
    ]

/// What `recount --version` names: the commit that is checked out, with a `+` where files differ
/// from it; where there is no git (an image), `RECOUNT_COMMIT`.
let commit: String = {
    if let named = Context.environment["RECOUNT_COMMIT"] { return named }
    guard let git = Context.gitInformation else { return "unknown" }
    return String(git.currentCommit.prefix(12)) + (git.hasUncommittedChanges ? "+" : "")
}()

/// What `recountd` needs to reach a broker of the world: the HTTP stack takes minutes to build, and
/// is built where `RECOUNT_NETWORK` is set.
let network:
    (dependencies: [Target.Dependency], proof: [Target.Dependency], settings: [SwiftSetting]) =
        Context.environment["RECOUNT_NETWORK"] == nil
        ? ([], [], [])
        : (
            ["Alpaca", "Brokerage", "BrokerNetwork", "ServiceWebhooks"],
            ["Alpaca", "AlpacaServer", "Brokerage", "BrokerNetwork"], [.define("RECOUNT_NETWORK")]
        )

let package = Package(
    name: "recount",
    products: [
        .executable(name: "recount", targets: ["recount"]),
        .executable(name: "recountd", targets: ["recountd"]),
        // For Tools/Benchmarks.
        .library(
            name: "RecountCore",
            targets: [
                "CPlatform", "Digests", "Events", "EventLog", "FeedbackLoop", "LMDB", "Market",
                "Pipeline",
            ]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-metrics", from: "2.13.0"),
        .package(
            url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
        // The server of recountd.
        .package(url: "https://github.com/apple/swift-nio", from: "2.81.0"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(
            url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1", traits: []),
        .package(url: "https://github.com/hummingbird-project/swift-mustache", from: "2.1.1"),
    ],
    targets: [
        // The log.
        .systemLibrary(
            name: "CCrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
        .systemLibrary(name: "CLMDB", pkgConfig: "lmdb", providers: [.apt(["liblmdb-dev"])]),
        .systemLibrary(
            name: "CXGBoost", pkgConfig: "xgboost", providers: [.apt(["libxgboost-dev"])]),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        .target(
            name: "CPlatform", cSettings: [.define("RECOUNT_COMMIT", to: "\"\(commit)\"")]),
        .target(
            name: "Digests", dependencies: ["CCrypto", "Events"], swiftSettings: unsafeConfined),
        .target(name: "LMDB", dependencies: ["CLMDB"], swiftSettings: unsafeConfined),
        .target(
            name: "EventLog",
            dependencies: [
                "CPlatform", "Digests", "Events", "LMDB",
            ],
            swiftSettings: unsafeConfined),

        // Pure core.
        .target(name: "Events", swiftSettings: lending, plugins: ["SchemaPlugin"]),

        .target(name: "Market", dependencies: ["Events"], swiftSettings: lending),
        .target(name: "Learning", dependencies: ["Events", "Market"], swiftSettings: lending),
        .target(
            name: "FeedbackLoop", dependencies: ["Brokerage", "Events", "Learning", "Market"],
            swiftSettings: lending),
        .target(
            name: "XGBoost",
            dependencies: [
                "CXGBoost", "Digests", "Events", "Learning",
            ],
            swiftSettings: lending),

        .target(name: "Simulation", dependencies: ["Events"], swiftSettings: lending),

        .target(name: "Brokerage", dependencies: ["Events", "Market"], swiftSettings: lending),
        .target(
            name: "Alpaca", dependencies: ["Brokerage", "Events", "Market"],
            swiftSettings: lending),

        .target(
            name: "Ingest",
            dependencies: [
                "CZlib", "Digests", "EventLog", "Events", "Market",
                .product(name: "Yams", package: "Yams"),
            ],
            swiftSettings: lending),

        .target(
            name: "Projections",
            dependencies: [
                "Digests", "EventLog", "Events", "FeedbackLoop", "Learning", "Market",
                .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "GRDBSQLite", package: "GRDB.swift"),
            ],
            swiftSettings: lending, plugins: ["ReadModelPlugin"]),

        // The shell.
        .target(
            name: "Pipeline",
            dependencies: [
                "Digests", "EventLog", "Events", "FeedbackLoop", "Learning", "Market",
                .product(name: "Yams", package: "Yams"),
            ],
            swiftSettings: lending),
        .target(
            name: "Backtest",
            dependencies: ["EventLog", "Events", "FeedbackLoop", "Learning", "Market", "Pipeline"],
            resources: [
                .embedInCode("Page/Resources/page.css"), .embedInCode("Page/Resources/charts.js"),
                .embedInCode("Page/Resources/trades.js"), .embedInCode("Page/Resources/runs.js"),
            ],
            swiftSettings: lending),
        .target(
            name: "Audit",
            dependencies: [
                "Digests", "EventLog", "Events", "FeedbackLoop", "Learning", "Market", "Pipeline",
            ],
            swiftSettings: lending),
        // What commands and HTTP calls do: values in, values out.
        .target(
            name: "Application",
            dependencies: [
                "Audit", "Digests", "EventLog", "Events", "FeedbackLoop", "Ingest", "Learning",
                "Market", "Pipeline", "Projections", "Simulation", "XGBoost",
            ],
            swiftSettings: lending),
        .target(
            name: "API",
            dependencies: [
                "Application", "Audit", "Digests", "EventLog", "Events", "FeedbackLoop", "Learning",
                "Market", "Pipeline", "Projections",
            ],
            swiftSettings: lending),
        .testTarget(
            name: "APITests",
            dependencies: [
                "API", "Application", "Dashboard", "EventLog", "Events", "Pipeline", "Projections",
                "Service",
                "TestWorlds", .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: lending),
        // The pages of recountd.
        .target(
            name: "Dashboard",
            dependencies: [
                "API", "Application", "Audit", "Backtest", "EventLog", "Events", "FeedbackLoop",
                "Market", "Pipeline", "Projections",
                .product(name: "Mustache", package: "swift-mustache"),
            ],
            resources: [.embedInCode("Resources")],
            swiftSettings: lending),
        .executableTarget(
            name: "recount",
            dependencies: [
                "Application", "Audit", "Backtest", "EventLog", "Events", "FeedbackLoop", "Ingest",
                "Learning",
                "Market", "Pipeline", "Projections", "Simulation", "XGBoost",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: lending, linkerSettings: selfContained),

        // The service.
        .target(
            name: "Service",
            dependencies: [
                "Brokerage", "Digests", "EventLog", "Events", "FeedbackLoop", "Ingest", "Learning",
                "Market", "Pipeline",
                .product(name: "CoreMetrics", package: "swift-metrics"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "Yams", package: "Yams"),
            ],
            swiftSettings: lending),
        .target(
            name: "ServiceHTTP",
            dependencies: [
                "API", "Service",
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ], swiftSettings: lending),
        .testTarget(
            name: "ServiceHTTPTests",
            dependencies: [
                "API", "Application", "EventLog", "Events", "Service", "ServiceHTTP", "TestKit",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ],
            swiftSettings: lending),
        .executableTarget(
            name: "recountd",
            dependencies: [
                "API", "Application", "Dashboard", "EventLog", "Events", "Ingest", "Learning",
                "Market",
                "Pipeline", "Projections", "Service", "ServiceHTTP", "Simulation", "XGBoost",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            ] + network.dependencies,
            swiftSettings: lending + network.settings, linkerSettings: selfContained),

        // The schema compiler.
        .target(
            name: "SchemaCompiler", path: "Tools/SchemaCompiler/Compiler", swiftSettings: strict),
        .executableTarget(
            name: "schema-compiler", dependencies: ["SchemaCompiler"],
            path: "Tools/SchemaCompiler/Command", swiftSettings: strict),
        .plugin(name: "SchemaPlugin", capability: .buildTool(), dependencies: ["schema-compiler"]),
        .plugin(
            name: "ReadModelPlugin", capability: .buildTool(), dependencies: ["schema-compiler"]),

        // The gate's rates by simulation.
        .target(
            name: "GateSimulation", dependencies: ["Events", "Learning", "Market"],
            path: "Tools/GateRates/Simulation", swiftSettings: lending),
        .executableTarget(
            name: "gate-rates",
            dependencies: [
                "GateSimulation",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            path: "Tools/GateRates/Command", swiftSettings: strict),
        // Studies over simulated worlds.
        .target(
            name: "StudyRuns",
            dependencies: [
                "Backtest", "EventLog", "Events", "Ingest", "Learning", "Pipeline", "Simulation",
                "XGBoost",
            ],
            path: "Tools/Studies/Runs", swiftSettings: lending),
        .executableTarget(
            name: "studies",
            dependencies: [
                "Pipeline", "StudyRuns",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            path: "Tools/Studies/Command", swiftSettings: strict),
        .testTarget(
            name: "StudiesTests", dependencies: ["Backtest", "StudyRuns", "TestKit"],
            swiftSettings: strict),

        // An exchange of its own, and a broker in front of it.
        .target(
            name: "AlpacaExchange", dependencies: ["Brokerage", "Events", "Market"],
            path: "Tools/AlpacaStub/Exchange", swiftSettings: lending),
        .target(
            name: "AlpacaStub",
            dependencies: ["Alpaca", "AlpacaExchange", "Brokerage", "Events", "Market"],
            path: "Tools/AlpacaStub/Routes", swiftSettings: lending),
        .target(
            name: "BrokerKit", dependencies: ["AlpacaExchange", "Brokerage", "Events", "Market"],
            path: "Tests/BrokerKit", swiftSettings: lending),
        .testTarget(
            name: "AlpacaStubTests",
            dependencies: [
                "Alpaca", "AlpacaExchange", "AlpacaStub", "BrokerKit", "Brokerage", "Events",
                "Market", "TestKit",
            ],
            swiftSettings: lending),

        // Fuzzing: what must hold for any bytes; `Tools/fuzz` adds the program below.
        .target(
            name: "FuzzTargets",
            dependencies: [
                "CPlatform", "EventLog", "Events", "FeedbackLoop", "Ingest", "Learning", "Pipeline",
                "SchemaCompiler",
            ],
            path: "Tools/Fuzz/Targets", swiftSettings: lending),
        .testTarget(name: "FuzzTests", dependencies: ["FuzzTargets"], swiftSettings: strict),

        // Kills, losses of power and failing disks; `Tools/crash-test` builds its shim too.
        .executableTarget(
            name: "crash-test",
            dependencies: [
                "EventLog", "Events", "Pipeline", "TestKit",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            path: "Tools/CrashTest/Program", swiftSettings: lending),

        // A live run whose daemon is killed again and again.
        .executableTarget(
            name: "live-proof",
            dependencies: [
                "AlpacaExchange", "Audit", "EventLog", "Events", "FeedbackLoop", "Market",
                "Pipeline", "Service",
                "TestWorlds",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Logging", package: "swift-log"),
            ] + network.proof,
            path: "Tools/LiveProof/Program", swiftSettings: lending + network.settings),

        // Tests.
        .testTarget(
            name: "IngestTests", dependencies: ["EventLog", "Events", "Ingest", "TestKit"],
            swiftSettings: lending),
        .testTarget(
            name: "BrokerageTests",
            dependencies: ["Alpaca", "Brokerage", "Events", "Market", "TestKit"],
            swiftSettings: lending),
        .testTarget(
            name: "SimulationTests",
            dependencies: [
                "Audit", "EventLog", "Events", "FeedbackLoop", "Ingest", "Pipeline", "Simulation",
                "TestKit",
            ],
            swiftSettings: lending),
        .testTarget(
            name: "SchemaCompilerTests", dependencies: ["SchemaCompiler"], exclude: ["Fixtures"],
            swiftSettings: strict),
        .testTarget(
            name: "BacktestTests",
            dependencies: [
                "Backtest", "EventLog", "Events", "FeedbackLoop", "Learning", "Market", "Pipeline",
                "TestKit", "TestWorlds",
            ],
            swiftSettings: lending),
        .testTarget(
            name: "DigestsTests", dependencies: ["Digests", "Events", "TestKit"],
            swiftSettings: strict),
        .testTarget(
            name: "EventsTests", dependencies: ["Events"], exclude: ["Golden"],
            swiftSettings: lending),
        .executableTarget(
            name: "log-peer", dependencies: ["Events", "EventLog", "LMDB", "TestKit"],
            path: "Tests/LogPeer", swiftSettings: lending),
        .target(name: "TestKit", path: "Tests/TestKit", swiftSettings: strict),
        .testTarget(
            name: "FeedbackLoopTests", dependencies: ["Events", "FeedbackLoop", "Market"],
            swiftSettings: lending),
        .testTarget(
            name: "LearningTests", dependencies: ["Events", "Learning", "Market", "TestKit"],
            swiftSettings: lending),
        .executableTarget(
            name: "time-training", dependencies: ["Events", "Learning", "XGBoost"],
            path: "Tools/TimeTraining", swiftSettings: lending),
        .testTarget(
            name: "XGBoostTests",
            dependencies: ["CXGBoost", "Events", "Learning", "TestKit", "XGBoost"],
            swiftSettings: lending),
        .testTarget(
            name: "GateRatesTests", dependencies: ["Events", "GateSimulation", "Learning"],
            swiftSettings: lending),
        .testTarget(
            name: "PipelineTests",
            dependencies: [
                "AlpacaExchange", "Audit", "Brokerage", "EventLog", "Events", "FeedbackLoop",
                "Ingest", "Learning", "Market", "Pipeline", "Projections", "Service", "TestKit",
                "TestWorlds",
            ],
            swiftSettings: lending),
        .testTarget(
            name: "ProjectionsTests",
            dependencies: [
                "EventLog", "Events", "FeedbackLoop", "Learning", "Pipeline", "Projections",
                "TestKit", "TestWorlds", "log-peer", .product(name: "GRDB", package: "GRDB.swift"),
            ],
            swiftSettings: lending),
        .testTarget(
            name: "AuditTests",
            dependencies: [
                "Audit", "EventLog", "Events", "FeedbackLoop", "Learning", "Market", "Pipeline",
                "Projections", "TestKit", "TestWorlds",
            ],
            swiftSettings: lending),
        .testTarget(
            name: "RecountTests",
            dependencies: [
                "EventLog", "Events", "Learning", "Pipeline", "TestKit", "TestWorlds", "recount",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            exclude: ["Golden"], swiftSettings: lending),
        .testTarget(
            name: "ServiceTests",
            dependencies: [
                "Alpaca", "AlpacaExchange", "Audit", "Brokerage", "EventLog", "Events",
                "FeedbackLoop",
                "Ingest", "Market", "Pipeline", "Service", "TestKit", "TestWorlds", "recount",
                "recountd",
                .product(name: "CoreMetrics", package: "swift-metrics"),
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: lending),
        .target(
            name: "TestWorlds",
            dependencies: [
                "Digests", "EventLog", "Events", "FeedbackLoop", "Ingest", "Learning", "Market",
                "Pipeline", "TestKit",
            ],
            path: "Tests/TestWorlds", swiftSettings: lending),
        .testTarget(name: "TreeTests", swiftSettings: strict),
        .testTarget(
            name: "MarketTests", dependencies: ["Digests", "Events", "Market", "TestKit"],
            swiftSettings: lending),
        .target(
            name: "LoopKit",
            dependencies: [
                "Digests", "Events", "FeedbackLoop", "Learning", "Market", "Pipeline",
                "TestWorlds",
            ],
            path: "Tests/LoopKit", exclude: ["README.md"], swiftSettings: lending),
        .testTarget(
            name: "LoopTests",
            dependencies: [
                "Events", "FeedbackLoop", "Learning", "LoopKit", "Market", "TestKit",
                "TestWorlds",
            ],
            swiftSettings: lending),
        .testTarget(
            name: "LMDBTests", dependencies: ["LMDB", "TestKit", "log-peer"],
            swiftSettings: lending),
        .testTarget(
            name: "EventLogTests",
            dependencies: [
                "CPlatform", "Digests", "EventLog", "Events", "LMDB", "TestKit", "log-peer",
            ],
            swiftSettings: lending),
    ],
    swiftLanguageModes: [.v6]
)

// libFuzzer's own main and the sanitizers' flags are no part of an ordinary build.
if Context.environment["RECOUNT_FUZZ"] != nil {
    package.targets.append(
        .executableTarget(
            name: "recount-fuzz", dependencies: ["FuzzTargets"], path: "Tools/Fuzz/Driver",
            swiftSettings: lending))
}

// The network: nothing else is built with it, and `recount` never is.
if Context.environment["RECOUNT_NETWORK"] != nil {
    package.dependencies += [
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.29.0"),
    ]
    let nio: [Target.Dependency] = ["NIOCore", "NIOHTTP1", "NIOPosix", "NIOWebSocket"].map {
        .product(name: $0, package: "swift-nio")
    }
    package.products.append(.executable(name: "alpaca-stub", targets: ["alpaca-stub"]))
    package.targets += [
        .target(
            name: "BrokerNetwork",
            dependencies: [
                "Alpaca", "Brokerage",
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
            ] + nio, swiftSettings: lending),
        .target(
            name: "ServiceWebhooks",
            dependencies: [
                "Service",
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
            ], swiftSettings: lending),
        .target(
            name: "AlpacaServer",
            dependencies: ["Alpaca", "AlpacaExchange", "AlpacaStub", "Brokerage", "Events"] + nio,
            path: "Tools/AlpacaStub/Server", swiftSettings: lending),
        .executableTarget(
            name: "alpaca-stub",
            dependencies: [
                "AlpacaExchange", "AlpacaServer", "Events",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            path: "Tools/AlpacaStub/Command", swiftSettings: lending),
        .testTarget(
            name: "BrokerNetworkTests",
            dependencies: [
                "Alpaca", "AlpacaExchange", "AlpacaServer", "AlpacaStub", "BrokerKit",
                "BrokerNetwork", "Brokerage", "Events", "Market",
            ],
            swiftSettings: lending),
        .testTarget(
            name: "ServiceWebhooksTests",
            dependencies: [
                "Events", "Service", "ServiceWebhooks", "TestKit",
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ],
            swiftSettings: lending),
    ]
}

// `RECOUNT_TESTS=TreeTests,MarketTests swift test` builds these suites and what they need, nothing
// else: seconds to a few minutes in place of everything.
if let suites = Context.environment["RECOUNT_TESTS"] {
    var needed = suites.split(separator: ",").map(String.init)
    var kept: [Target] = []
    while let name = needed.popLast() {
        guard !kept.contains(where: { $0.name == name }),
            let target = package.targets.first(where: { $0.name == name })
        else { continue }
        kept.append(target)
        for dependency in target.dependencies {
            switch dependency {
            case .targetItem(let name, _), .byNameItem(let name, _): needed.append(name)
            default: break
            }
        }
        for case .plugin(let name, _) in target.plugins ?? [] { needed.append(name) }
    }
    package.targets = kept
    package.products = []
}

// swift-tools-version: 6.2
import PackageDescription

/// The same rules as in the package that is measured.
let strict: [SwiftSetting] =
    [
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("InternalImportsByDefault"),
        .enableUpcomingFeature("MemberImportVisibility"),
        .enableExperimentalFeature("Lifetimes"),
    ]
    + (Context.environment["RECOUNT_WARNINGS_AS_ERRORS"] == nil
        ? [] : [.treatAllWarnings(as: .error)])

let package = Package(
    name: "Benchmarks",
    dependencies: [
        .package(name: "recount", path: "../.."),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    ],
    targets: [
        // What the log is held against: LMDB and SQLite as a C programmer would drive them.
        .target(
            name: "RawLoops",
            dependencies: [.product(name: "RecountCore", package: "recount")],
            linkerSettings: [.linkedLibrary("lmdb"), .linkedLibrary("sqlite3")]),
        .executableTarget(
            name: "recount-bench",
            dependencies: [
                "RawLoops",
                .product(name: "RecountCore", package: "recount"),
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            path: "Sources/Benchmarks", swiftSettings: strict),
    ],
    swiftLanguageModes: [.v6]
)

import Events
import Ingest

/// Files of disclosures, a target for each format.
enum DisclosureTarget {
    static let targets: [FuzzTarget] =
        SourceFormat.optionNames.map { name in
            FuzzTarget(name: "disclosures-\(name)") { bytes in
                try check(bytes, DisclosureOptions(format: SourceFormat(optionName: name)))
            }
        } + [FuzzTarget(name: "disclosures-detected") { try check($0, DisclosureOptions()) }]

    private static func check(_ bytes: [UInt8], _ options: DisclosureOptions) throws {
        let file = InputInMemory(bytes)
        let path = file.path
        try ImportOracle.check { writer, onReject in
            try DisclosureImporter(
                writer, options: options, onReject: onReject, onProgress: { _, _ in }
            ).run(path)
        }
        withExtendedLifetime(file) {}
    }
}

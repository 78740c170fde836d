import Foundation
import TestKit
import Testing

/// Backups, restores and bundles of whole data folders, in processes of their own.
@Suite("Backups and bundles as a user makes them", .timeLimit(.minutes(10)))
struct BackupCommandTests {
    private let folder = TemporaryFolder()

    private func shell(_ script: String) throws -> (output: String, status: Int32) {
        try Shell.run(script, in: folder.path)
    }

    private func made() throws {
        let made = try shell(
            """
            set -e
            $R simulate --seed 4 --years 2 --tickers 10 --out w
            $R ingest prices w/prices.csv --data d
            $R ingest index w/index.csv --series market --symbol SIMINDEX --data d
            $R ingest disclosures w/disclosures_congress.csv --data d
            $R backtest --data d --strategy feedback --set train=true --run one
            """)
        #expect(made.status == 0, "\(made.output)")
    }

    @Test("a restored folder is proven whole: facts, timeline, run, models; and only once made")
    func restored() throws {
        try made()
        let backup = try shell("$R backup --data d --to b")
        #expect(backup.status == 0, "\(backup.output)")
        #expect(try shell("$R backup --data d --to b").output.contains("0 events came"))
        let restored = try shell("$R restore --from b --data e")
        #expect(restored.status == 0, "\(restored.output)")
        let chain = try shell("$R verify --chain --all --data e --backup b")
        #expect(
            chain.status == 0 && chain.output.contains("artefacts one: holds"), "\(chain.output)")
        #expect(chain.output.contains("backup    runs/one: holds"))
        for (script, status) in [
            ("$R restore --from b --data e", 73), ("$R restore --from none --data f", 66),
            ("$R restore --from b --data f --to-position 9999999", 64),
            ("$R restore --from b --data f --as-of 1999-01-01", 64),
            ("$R restore --from b --data f --as-of yesterday", 64),
            ("$R restore --from b --data b/f", 64), ("$R backup --data d --to d/b", 64),
            ("$R backup --data none --to c", 66),
            ("mkdir x; touch x/y; $R backup --data d --to x", 64),
        ] as [(String, Int32)] {
            let refused = try shell(script)
            #expect(refused.status == status, "\(script): \(refused.output)")
        }
        #expect(!FileManager.default.fileExists(atPath: "\(folder.path)/f"))
    }

    @Test("an earlier moment has the facts of then, and no run over later ones")
    func earlier() throws {
        try made()
        let first =
            try shell("$R backup --data d --to b; $R seal --data d").output
            .split(separator: "\n").last.map(String.init) ?? ""
        let more = try shell(
            """
            set -e
            $R ingest disclosures w/disclosures_senate.json --data d
            $R backtest --data d --strategy baseline --run two
            $R backup --data d --to b
            """)
        #expect(more.status == 0, "\(more.output)")
        let position = first.prefix { $0 != ":" }
        let cut = try shell("$R restore --from b --data e --to-position \(position)")
        #expect(
            cut.status == 0
                && cut.output.contains("left out are the runs over facts that came later: two"))
        #expect(try shell("$R verify --data e --expect \(first)").status == 0)
        #expect(try shell("ls e/runs").output == "one\n")
        #expect(try shell("$R verify --chain --all --data e").status == 0)
    }

    @Test("a third party replays a bundle to the same seal, with the facts or its own")
    func certified() throws {
        try made()
        let bundle = try shell(
            """
            set -e
            $R seal --make-key k
            $R certify one --data d --to with --sign k
            $R certify one --data d --to without --without-facts
            """)
        #expect(bundle.status == 0, "\(bundle.output)")
        let path = "PATH=$(dirname $R):$PATH"
        let whole = try shell("mv d away; \(path) with/check --key k.pub")
        #expect(whole.status == 0, "\(whole.output)")
        #expect(
            whole.output.contains("decisions holds") && whole.output.contains("signature holds"))
        #expect(try shell("\(path) without/check").status == 66, "the facts are elsewhere")
        let third = try shell(
            """
            $R ingest disclosures w/disclosures_congress.csv --data t
            $R ingest prices w/prices.csv --data t
            $R ingest index w/index.csv --series market --symbol SIMINDEX --data t
            \(path) without/check --data t
            """)
        #expect(third.status == 0, "in another order: \(third.output)")
        let other = try shell(
            "$R ingest disclosures w/disclosures_senate.json --data t; \(path) without/check --data t"
        )
        #expect(other.status == 65 && other.output.contains("timeline  BROKEN"), "\(other.output)")
        #expect(try shell("rm with/seal.txt; $R certify --check with --key k.pub").status == 65)
    }

    @Test("a bundle of which a decision, a fact or the certificate was changed is found out")
    func forgedBundle() throws {
        try made()
        #expect(try shell("$R certify one --data d --to c").status == 0)
        for (part, word) in [("run", "DAMAGED"), ("facts", "DAMAGED")] {
            let changed = try shell(
                """
                rm -rf x; cp -r c x; f=$(ls x/\(part)/*.segment)
                printf 'Z' | dd of=$f bs=1 seek=3000 conv=notrunc; $R certify --check x
                """)
            #expect(changed.status == 65 && changed.output.contains(word), "\(changed.output)")
        }
        let claimed = try shell(
            "rm -rf x; cp -r c x; sed -i 's/\"seal\":\"./\"seal\":\"0/' x/certificate.json; "
                + "$R certify --check x")
        #expect(claimed.status == 65, "\(claimed.output)")
    }
}

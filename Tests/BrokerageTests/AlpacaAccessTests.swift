import Events
import Foundation
import TestKit
import Testing

@testable import Alpaca
@testable import Brokerage

@Suite("Hosts and credentials")
struct AlpacaAccessTests {
    private let both = [
        "APCA_PAPER_KEY_ID": "PKONE", "APCA_PAPER_SECRET_KEY": "paper secret",
        "APCA_LIVE_KEY_ID": "AKTWO", "APCA_LIVE_SECRET_KEY": "live secret",
    ]

    private func access(
        _ mode: AlpacaMode, _ environment: [String: String]
    ) -> Result<AlpacaAccess, CredentialsRefusal> {
        Result { () throws(CredentialsRefusal) in
            try AlpacaAccess.of(mode, environment: { environment[$0] })
        }
    }

    @Test("a mode maps to its host and its own keys")
    func modes() throws {
        let paper = try access(.paper, both).get()
        #expect(paper.host == "paper-api.alpaca.markets" && paper.credentials.keyID == "PKONE")
        let live = try access(.live, both).get()
        #expect(live.host == "api.alpaca.markets" && live.credentials.keyID == "AKTWO")
    }

    @Test("no variable names a host, and none of the other mode is read")
    func overrides() throws {
        var environment = both
        for name in [
            "APCA_API_BASE_URL", "APCA_BASE_URL", "APCA_PAPER_HOST", "APCA_PAPER_BASE_URL",
            "APCA_PAPER_URL", "APCA_API_KEY_ID", "APCA_API_SECRET_KEY", "ALPACA_BASE_URL",
        ] { environment[name] = "https://api.alpaca.markets" }
        var asked: [String] = []
        let paper = try AlpacaAccess.of(
            .paper,
            environment: {
                asked.append($0)
                return environment[$0]
            })
        #expect(paper.host == "paper-api.alpaca.markets" && paper.credentials.keyID == "PKONE")
        #expect(asked.allSatisfy { $0.hasPrefix("APCA_PAPER_") && !$0.contains("HOST") })
        #expect(
            Set(asked).isSubset(of: [
                "APCA_PAPER_FILE", "APCA_PAPER_KEY_ID", "APCA_PAPER_SECRET_KEY",
            ]))
    }

    @Test("what is missing is named; keys of the other mode are refused by their prefix")
    func refused() {
        #expect(access(.paper, [:]) == .failure(.missing("APCA_PAPER_KEY_ID")))
        var half = both
        half["APCA_LIVE_SECRET_KEY"] = ""
        #expect(access(.live, half) == .failure(.missing("APCA_LIVE_SECRET_KEY")))
        var swapped = both
        swapped["APCA_PAPER_KEY_ID"] = "AKTWO"
        swapped["APCA_LIVE_KEY_ID"] = "PKONE"
        for mode in AlpacaMode.allCases {
            #expect(access(mode, swapped) == .failure(.otherMode(mode)))
        }
        var twice = both
        twice["APCA_PAPER_FILE"] = "/keys"
        #expect(
            access(.paper, twice) == .failure(.twice("APCA_PAPER_FILE", "APCA_PAPER_KEY_ID")))
    }

    @Test("an account tells its mode by its number")
    func accounts() throws {
        var account = BrokerAccount(
            id: "", number: "PA3B7XQ9K2MN", isActive: true, cash: .zero, equity: .zero,
            noShorting: true, maxMarginMultiplier: "1")
        #expect(try !access(.paper, both).get().isOfOtherMode(account))
        #expect(try access(.live, both).get().isOfOtherMode(account))
        account.number = "123456789"
        #expect(try access(.paper, both).get().isOfOtherMode(account))
    }

    @Test("a file is its reader's own, regular, of mode 0600, and of the mode that it names")
    func files() throws {
        let folder = TemporaryFolder()
        let path = folder.path + "/keys"
        func write(_ text: String, mode: Int = 0o600) throws {
            try? FileManager.default.removeItem(atPath: path)
            try Data(text.utf8).write(to: URL(fileURLWithPath: path))
            try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
        }
        func read(_ at: String? = nil, _ mode: AlpacaMode = .paper)
            -> Result<AlpacaAccess, CredentialsRefusal>
        {
            access(mode, ["APCA_\(mode.rawValue.uppercased())_FILE": at ?? path])
        }
        let text = "mode: paper\nkey_id: PKFILE\nsecret_key: s:e:c\n"
        try write(text)
        let keys = try read().get().credentials
        #expect(keys.keyID == "PKFILE" && keys.secretKey == "s:e:c")
        #expect(read(nil, .live) == .failure(.otherMode(.live)), "by its mode line")
        for mode in [0o644, 0o640, 0o700, 0o660, 0o4600] {
            try write(text, mode: mode)
            #expect(
                read() == .failure(.file(path, "has not the mode 0600: chmod 600 it")),
                "\(String(mode, radix: 8))")
        }
        for wrong in [
            "key_id: PKFILE\nsecret_key: s", text + "key_id: PKOTHER", text + "host: evil", "",
        ] {
            try write(wrong)
            guard case .failure(.file) = read() else {
                Issue.record("taken: \(wrong)")
                continue
            }
        }
        try write(text)
        let link = folder.path + "/link"
        try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: path)
        for bad in [link, folder.path, folder.path + "/none", "/dev/null"] {
            guard case .failure(.file) = read(bad) else {
                Issue.record("read: \(bad)")
                continue
            }
        }
        try write(String(repeating: " ", count: 5_000))
        #expect(read() == .failure(.file(path, "is too long")))
    }

    @Test("keys are shown by no text, dump or refusal")
    func secret() throws {
        let access = try access(.paper, both).get()
        var dumped = ""
        dump(access, to: &dumped)
        for text in [
            "\(access)", "\(access.credentials)", String(reflecting: access), dumped,
            "\(AlpacaPort(CannedTransport(), SetClock()))",
        ] {
            for key in ["PKONE", "paper secret", "PKTEST", "very secret"] {
                #expect(!text.contains(key), "\(text)")
            }
        }
    }
}

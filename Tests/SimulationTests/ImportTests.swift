import EventLog
import Events
import Foundation
import Ingest
import Simulation
import TestKit
import Testing

@Suite("Importing a simulated world")
struct ImportTests {
    private static let small = SimulationParameters(seed: 9, years: 1, tickers: 40, edge: 50)

    @Test("every row ends as the truth says, reason by reason")
    func counts() throws {
        let files = try WrittenWorld(ImportTests.small)
        let (_, reports) = try files.ingested()
        #expect(reports.count == files.written.files.count)
        for report in reports {
            let name = (report.file as NSString).lastPathComponent
            let truth = try #require(files.account(name))
            #expect(report.rows == truth.rows, "\(name)")
            #expect(report.added == truth.accepted, "\(name)")
            let isPrices = WrittenWorld.prices.contains(name)
            #expect(report.duplicates == (isPrices ? truth.repeats : 0), "\(name)")
            #expect(report.reasons.count == truth.refused.count, "\(name)")
            for reason in report.reasons {
                #expect(reason.count == truth.count("\(reason.reason)"), "\(name) \(reason.reason)")
            }
        }
        let refused = reports.flatMap { $0.reasons.map { "\($0.reason)" } }
        #expect(Set(refused).count == 16)
    }

    @Test("repeats, amendments, withdrawals and idle bars are as many as the truth says")
    func kinds() throws {
        let files = try WrittenWorld(
            SimulationParameters(seed: 10, years: 2, tickers: 60, edge: 0))
        let (log, _) = try files.ingested()
        var found = (repeats: 0, amended: 0, withdrawn: 0, idle: 0)
        try log.read { record in
            switch try MessageHeader(record.message).templateID {
            case DisclosureFiled.templateID:
                if try DisclosureFiledView(record.message).occurrence > 0 { found.repeats += 1 }
            case DisclosureAmended.templateID:
                let view = try DisclosureAmendedView(record.message)
                if view.occurrence > 0 { found.repeats += 1 }
                found.amended += 1
            case DisclosureWithdrawn.templateID: found.withdrawn += 1
            case SessionClosed.templateID:
                let event = SessionClosed(try SessionClosedView(record.message))
                found.idle += event.bars.count { $0.volume == 0 }
            default: break
            }
            return .proceed
        }
        func sum(_ path: KeyPath<FileAccount, Int>, _ names: [String]) -> Int {
            names.compactMap(files.account).reduce(0) { $0 + $1[keyPath: path] }
        }
        #expect(found.repeats == sum(\.repeats, WrittenWorld.disclosures))
        #expect(found.amended == sum(\.amendments, WrittenWorld.disclosures))
        #expect(found.withdrawn == sum(\.withdrawals, WrittenWorld.disclosures))
        #expect(found.idle == sum(\.idleBars, WrittenWorld.prices))
        #expect(found.repeats > 0 && found.amended > 0 && found.withdrawn > 0 && found.idle > 0)
    }

    @Test("every fact of a simulated world is marked, whatever file it came from")
    func marked() throws {
        let (log, _) = try WrittenWorld(ImportTests.small).ingested()
        var count = 0
        try log.read { record in
            let flags = try Envelope(message: record.message).flags
            #expect(flags.contains(.simulated))
            count += 1
            return .proceed
        }
        #expect(count > 600)
    }

    @Test("a copy of any file under another name in another folder is known by its content")
    func copies() throws {
        let files = try WrittenWorld(ImportTests.small)
        let place = TemporaryFolder()
        for (number, account) in files.written.files.enumerated() {
            let copy = "\(place.path)/file\(number)"
            try FileManager.default.copyItem(atPath: files.path(account.name), toPath: copy)
            let log = try Importers.log(at: "\(place.path)/log\(number)")
            let importers = Importers(log)
            switch account.name {
            case let name where WrittenWorld.prices.contains(name): _ = try importers.prices(copy)
            case let name where WrittenWorld.disclosures.contains(name):
                _ = try importers.disclosures(copy)
            case "index.csv": _ = try importers.index(copy, .market)
            case "vix.csv": _ = try importers.index(copy, .volatility)
            default: _ = try importers.reference(copy)
            }
            #expect(try isSimulated(log) == true, "\(account.name)")
        }
    }

    private func isSimulated(_ log: EventLog) throws -> Bool? {
        var flag: Bool?
        _ = try log.record(at: 1) { record in
            flag = try Envelope(message: record.message).flags.contains(.simulated)
        }
        return flag
    }

    private static let plain = "date,close\n2020-01-02,100\n2020-01-03,101\n"

    @Test("a file without a mark is known by a truth file beside it, or by the caller's word")
    func besides() throws {
        let place = TemporaryFolder()
        let file = try place.write("plain.csv", ImportTests.plain)
        let real = try Importers.log(at: "\(place.path)/real")
        _ = try Importers(real).index(file, .market)
        #expect(try isSimulated(real) == false)
        let marked = try Importers.log(at: "\(place.path)/told")
        _ = try Importers(marked, marksSimulated: true).index(file, .market)
        #expect(try isSimulated(marked) == true)
        let digest = try InputFile.contentDigest(file)
        _ = try place.write(
            "truth.json",
            "{\"format\": \"recount-simulated-truth\", \"files\": [{\"sha256\": \"\(digest)\"}]}")
        let known = try Importers.log(at: "\(place.path)/known")
        _ = try Importers(known).index(file, .market)
        #expect(try isSimulated(known) == true)
    }

    @Test("simulated and real facts do not share a log, whichever came first")
    func refused() throws {
        let files = try WrittenWorld(ImportTests.small)
        let place = TemporaryFolder()
        let file = try place.write("plain.csv", ImportTests.plain)
        let real = try Importers.log(at: "\(place.path)/real")
        _ = try Importers(real).index(file, .market)
        let before = try real.head()
        for name in WrittenWorld.prices {
            #expect(code { _ = try Importers(real).prices(files.path(name)) } == .mixedWorlds)
        }
        for name in WrittenWorld.disclosures {
            #expect(code { _ = try Importers(real).disclosures(files.path(name)) } == .mixedWorlds)
        }
        for name in WrittenWorld.references {
            #expect(code { _ = try Importers(real).reference(files.path(name)) } == .mixedWorlds)
        }
        #expect(try real.head() == before)
        let simulated = try Importers.log(at: "\(place.path)/simulated")
        _ = try Importers(simulated).reference(files.path("sectors.csv"))
        #expect(code { _ = try Importers(simulated).index(file, .market) } == .mixedWorlds)
        // One importer that is handed both, on a log that was empty at its start.
        let both = Importers(try Importers.log(at: "\(place.path)/both"))
        _ = try both.reference(files.path("legislators.csv"))
        #expect(code { _ = try both.index(file, .market) } == .mixedWorlds)
    }

    private func code(_ body: () throws -> Void) -> IngestError.Code? {
        do {
            try body()
            return nil
        } catch {
            return (error as? IngestError)?.code
        }
    }
}

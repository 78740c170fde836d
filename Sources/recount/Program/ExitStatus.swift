import Application
import ArgumentParser
import Audit
import Backtest
import EventLog
import Events
import FeedbackLoop
import Foundation
import Ingest
import Learning
import Pipeline
import Projections

/// What a process ends with, by the numbers of sysexits(3); `Documentation/exit-status.md` is the
/// same table for the person who writes a script.
enum ExitStatus: Int32, CaseIterable {
    /// Wrong use of the command: an option, a name, a value out of its range.
    case usage = 64
    /// What was read is wrong: a file, a log, a seal, a proof that does not hold.
    case data = 65
    /// What was to be read is not there.
    case missing = 66
    /// The program is at fault, or a library under it.
    case software = 70
    /// The system refused: memory, descriptors, processes.
    case system = 71
    /// What was to be written cannot be made there.
    case cannotCreate = 73
    /// A disk failed, or is full.
    case io = 74
    /// Somebody else has it for now: the same command may go through later.
    case later = 75
    /// Not allowed to this user.
    case permission = 77

    /// What an error ends the process with.
    static func of(_ error: any Error) -> ExitStatus {
        if let status = LogError.exitStatus(of: error) {
            return ExitStatus(rawValue: status) ?? .data
        }
        return switch error {
        case let error as DataFolderError:
            if case .noRun = error { .missing } else { .usage }
        case let error as IngestError: ExitStatus(rawValue: error.exitCode) ?? .data
        case let error as OutputRefusal: error.status
        case let error as ApplicationError: application(error)
        case let error as BackupError: backup(error)
        case let error as CertificateError:
            switch error {
            case .exists: .cannotCreate
            case .notABundle, .factsMissing: .missing
            case .fork: .usage
            case .noFacts: .data
            }
        case let error as SealError:
            if case .keyExists = error { .cannotCreate } else { .data }
        case is TooFewDescriptors: .system
        case let error as ReadModelError: readModel(error)
        case let error as StrategyFileError:
            error.isMissing ? .missing : error.isOption ? .usage : .data
        case is AsOfError, is ExpressionError, is ReadModelQueryError, is TrialFamilyError,
            is SweepError, is ForkError:
            .usage
        case is ModelRegistryError: .missing
        case is BenchmarkError: .missing
        case let error as FilingFilterError:
            if case .severalMembers = error { .usage } else { .missing }
        case let error as WhyError: if case .usage = error { .usage } else { .missing }
        case let error as RunFolderError:
            error.isMissing ? .missing : .data
        case let error as TrainerError: error.reason == .memory ? .system : .software
        case let error as CocoaError: cocoa(error)
        default: .data
        }
    }

    private static func application(_ error: ApplicationError) -> ExitStatus {
        switch error {
        case .invalid: .usage
        case .missing: .missing
        case .refused: .data
        }
    }

    private static func backup(_ error: BackupError) -> ExitStatus {
        switch error {
        case .busy: .later
        case .exists: .cannotCreate
        case .incomplete, .missing: .missing
        case .nested, .notABackup, .otherFolder, .beyond: .usage
        case .newerFormat, .otherPast, .damaged: .data
        }
    }

    private static func readModel(_ error: ReadModelError) -> ExitStatus {
        switch error {
        case .locked, .supervised: .later
        case .missing, .noGeneration: .missing
        case .notStopped: .usage
        case .digest, .schema, .held: .data
        case .system(_, _, let code): system(code)
        }
    }

    /// What an error number, or one of LMDB's, stands for.
    static func system(_ code: Int32) -> ExitStatus {
        ExitStatus(rawValue: LogError.exitStatus(ofCode: code)) ?? .system
    }

    private static func cocoa(_ error: CocoaError) -> ExitStatus {
        switch error.code {
        case .fileNoSuchFile, .fileReadNoSuchFile: .missing
        case .fileWriteNoPermission, .fileReadNoPermission: .permission
        case .fileWriteOutOfSpace: .io
        default: .cannotCreate
        }
    }
}

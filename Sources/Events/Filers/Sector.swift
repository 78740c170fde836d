/// The eleven sectors of the Global Industry Classification Standard.
public enum Sector: UInt8, CaseIterable, Sendable {
    case communicationServices, consumerDiscretionary, consumerStaples, energy, financials
    case healthCare, industrials, informationTechnology, materials, realEstate, utilities

    /// The sector that a reference file names, by its name in the standard, before 2018 or at
    /// Yahoo; nil for another word.
    public init?(text: String) {
        let key = PlainWords(text).words.joined()
        guard let sector = Sector.allCases.first(where: { $0.keys.contains(key) }) else {
            return nil
        }
        self = sector
    }

    /// The name in the standard.
    public var name: String {
        switch self {
        case .communicationServices: "Communication Services"
        case .consumerDiscretionary: "Consumer Discretionary"
        case .consumerStaples: "Consumer Staples"
        case .energy: "Energy"
        case .financials: "Financials"
        case .healthCare: "Health Care"
        case .industrials: "Industrials"
        case .informationTechnology: "Information Technology"
        case .materials: "Materials"
        case .realEstate: "Real Estate"
        case .utilities: "Utilities"
        }
    }

    /// Its names in small letters.
    private var keys: [String] {
        switch self {
        case .communicationServices:
            [
                "communicationservices", "telecommunicationservices", "telecommunicationsservices",
                "telecommunications",
            ]
        case .consumerDiscretionary: ["consumerdiscretionary", "consumercyclical"]
        case .consumerStaples: ["consumerstaples", "consumerdefensive"]
        case .energy: ["energy"]
        case .financials: ["financials", "financialservices", "financial"]
        case .healthCare: ["healthcare"]
        case .industrials: ["industrials"]
        case .informationTechnology: ["informationtechnology", "technology"]
        case .materials: ["materials", "basicmaterials"]
        case .realEstate: ["realestate"]
        case .utilities: ["utilities"]
        }
    }
}

/// Some of the sectors.
public struct SectorSet: OptionSet, Hashable, Sendable {
    /// A bit a sector, by its number.
    public let rawValue: UInt16

    /// Sectors by their bits.
    public init(rawValue: UInt16) { self.rawValue = rawValue }

    /// Sectors.
    public init(_ sectors: [Sector]) {
        rawValue = sectors.reduce(0) { $0 | 1 << UInt16($1.rawValue) }
    }

    /// Names between semicolons; nil when one is no sector's. No name is no sector.
    public init?(text: String) {
        var sectors: [Sector] = []
        for part in text.split(separator: ";") where part.contains(where: { $0 != " " }) {
            guard let sector = Sector(text: String(part)) else { return nil }
            sectors.append(sector)
        }
        self.init(sectors)
    }

    /// Whether it has a sector.
    public func contains(_ sector: Sector) -> Bool {
        rawValue & 1 << UInt16(sector.rawValue) != 0
    }

    /// The names in the order of the alphabet, between semicolons.
    public var text: String {
        Sector.allCases.filter { contains($0) }.map(\.name).joined(separator: "; ")
    }
}

/// Words of a text in small letters, without punctuation.
struct PlainWords {
    var words: [String] = []

    init(_ text: String) {
        var word: [UInt8] = []
        for byte in text.utf8 {
            switch byte {
            case 0x41...0x5A: word.append(byte | 0x20)
            case 0x30...0x39, 0x61...0x7A, 0x80...: word.append(byte)
            case UInt8(ascii: "'"): break
            default:
                close(&word)
            }
        }
        close(&word)
    }

    private mutating func close(_ word: inout [UInt8]) {
        if !word.isEmpty { words.append(String(decoding: word, as: UTF8.self)) }
        word = []
    }
}

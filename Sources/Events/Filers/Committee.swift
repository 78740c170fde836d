/// A committee of Congress and the sectors that it oversees.
///
/// Ids are those of unitedstates/congress-legislators: the chamber's letter (`H`, `S`, `J` for a
/// joint one), a letter for its kind, two for the committee. Sectors are read out of the
/// jurisdictions of House Rule X and Senate Rule XXV, which stand beside each in short: a sector is
/// overseen where its business is named. Money for all of the government (Appropriations, Budget),
/// and the chamber's own affairs, oversee no sector.
public struct Committee: Hashable, Sendable {
    /// Four letters.
    public let id: String
    /// The name, without its chamber.
    public let name: String
    /// What it oversees.
    public let sectors: SectorSet
    /// The words of its jurisdiction that say so; empty without a sector.
    public let jurisdiction: String

    private init(
        _ id: String, _ name: String, _ sectors: [Sector] = [], _ jurisdiction: String = ""
    ) {
        (self.id, self.name, self.sectors) = (id, name, SectorSet(sectors))
        self.jurisdiction = jurisdiction
    }

    /// House or Senate; nil of a joint committee.
    public var chamber: Chamber? { Committee.chamber(of: id) }

    /// The chamber of a committee by the first letter of its id.
    public static func chamber(of id: String) -> Chamber? {
        switch id.utf8.first {
        case UInt8(ascii: "H"): .house
        case UInt8(ascii: "S"): .senate
        default: nil
        }
    }

    /// The committee of an id, or of a subcommittee's (`HSAG03`); or of a name, which begins with
    /// `House`, `Senate` or `Joint` where both chambers have one. Nil of another text.
    public init?(text: String) {
        let bytes = Array(text.utf8)
        let isID =
            (bytes.count == 4 || bytes.count == 6)
            && bytes.dropFirst(4).allSatisfy { 0x30...0x39 ~= $0 }
        if isID {
            let id = String(decoding: bytes.prefix(4), as: UTF8.self).uppercased()
            if let known = Committee.all.first(where: { $0.id == id }) {
                self = known
                return
            }
        }
        let (chamber, key) = Committee.key(text)
        let found = Committee.all.filter {
            Committee.key($0.name).key == key && (chamber == nil || $0.id.utf8.first == chamber)
        }
        guard found.count == 1 else { return nil }
        self = found[0]
    }

    /// A name without its chamber and the words that all have, and the letter of the chamber.
    private static func key(_ text: String) -> (chamber: UInt8?, key: String) {
        var words = PlainWords(text).words
        var chamber: UInt8?
        for word in words where chamber == nil {
            switch word {
            case "house": chamber = UInt8(ascii: "H")
            case "senate": chamber = UInt8(ascii: "S")
            case "joint": chamber = UInt8(ascii: "J")
            default: break
            }
        }
        words.removeAll { ["house", "senate", "joint"].contains($0) }
        let plain = ["committee", "select", "permanent", "special", "on", "the", "of", "and"]
        let key = words.filter { !plain.contains($0) }.joined(separator: " ")
        return (chamber, earlierNames.first { $0.earlier == key }?.now ?? key)
    }

    /// Keys of names that committees had in earlier Congresses.
    private static let earlierNames = [
        (earlier: "education labor", now: "education workforce"),
        (earlier: "oversight reform", now: "oversight government reform"),
        (earlier: "oversight accountability", now: "oversight government reform"),
    ]

    /// All committees that are known, House, Senate and joint, by id.
    public static let all: [Committee] = house + senate + joint

    private static let house = [
        Committee(
            "HLIG", "Permanent Select Committee on Intelligence"),
        Committee(
            "HSAG", "Agriculture", [.consumerStaples, .materials],
            "agriculture generally; livestock; human nutrition; forestry in general"),
        Committee("HSAP", "Appropriations"),
        Committee(
            "HSAS", "Armed Services", [.industrials],
            "common defense generally; Department of Defense"),
        Committee(
            "HSBA", "Financial Services", [.financials, .realEstate],
            "banks and banking; insurance generally; securities and exchanges; public and private "
                + "housing"),
        Committee("HSBU", "Budget"),
        Committee(
            "HSCN", "Select Committee on the Climate Crisis", [.energy, .utilities],
            "to reduce emissions that contribute to the climate crisis (H. Res. 6, 2019)"),
        Committee(
            "HSED", "Education and Workforce", [.consumerDiscretionary],
            "education or labor generally"),
        Committee("HSFA", "Foreign Affairs", [.industrials], "export controls; arms control"),
        Committee("HSGO", "Oversight and Government Reform"),
        Committee("HSHA", "House Administration"),
        Committee(
            "HSHM", "Homeland Security", [.industrials], "transportation security; port security"),
        Committee(
            "HSIF", "Energy and Commerce",
            [
                .communicationServices, .consumerDiscretionary, .energy, .healthCare,
                .informationTechnology, .utilities,
            ],
            "energy resources; interstate energy compacts; public health; biomedical research; "
                + "regulation of interstate and foreign communications; consumer protection; "
                + "interstate and foreign commerce generally"),
        Committee(
            "HSII", "Natural Resources", [.energy, .materials],
            "mineral land laws; mining interests generally; petroleum conservation on public "
                + "lands"),
        Committee(
            "HSJU", "Judiciary", [.communicationServices, .informationTechnology],
            "patents, copyrights and trademarks; protection of trade against monopolies"),
        Committee("HSMH", "Select Committee on the Modernization of Congress"),
        Committee(
            "HSPW", "Transportation and Infrastructure", [.industrials],
            "transportation, including civil aviation, railroads and water; public works"
        ),
        Committee("HSRU", "Rules"),
        Committee("HSSM", "Small Business"),
        Committee("HSSO", "Ethics"),
        Committee(
            "HSSY", "Science, Space, and Technology",
            [.energy, .industrials, .informationTechnology],
            "energy research; astronautical research; civil aviation research; standards"
        ),
        Committee("HSVR", "Veterans' Affairs", [.healthCare], "veterans' hospitals, medical care"),
        Committee(
            "HSWM", "Ways and Means", [.financials, .healthCare],
            "bonded debt; deposit of public monies; national social security (Medicare)"),
        Committee("HSZS", "Select Committee on the Chinese Communist Party"),
    ]

    private static let senate = [
        Committee("SCNC", "Caucus on International Narcotics Control"),
        Committee("SLET", "Select Committee on Ethics"),
        Committee("SLIA", "Indian Affairs"),
        Committee("SLIN", "Select Committee on Intelligence"),
        Committee("SPAG", "Special Committee on Aging", [.healthCare], "health of older people"),
        Committee(
            "SSAF", "Agriculture, Nutrition, and Forestry", [.consumerStaples, .materials],
            "agricultural commodities; food from fresh waters; human nutrition; forestry"),
        Committee("SSAP", "Appropriations"),
        Committee(
            "SSAS", "Armed Services", [.industrials], "common defense; Department of Defense"),
        Committee(
            "SSBK", "Banking, Housing, and Urban Affairs", [.financials, .realEstate],
            "banks, banking, and financial institutions; public and private housing"),
        Committee("SSBU", "Budget"),
        Committee(
            "SSCM", "Commerce, Science, and Transportation",
            [.communicationServices, .consumerDiscretionary, .industrials, .informationTechnology],
            "communications; regulation of consumer products; transportation; science, engineering "
                + "and technology policy"),
        Committee(
            "SSEG", "Energy and Natural Resources", [.energy, .materials, .utilities],
            "coal; oil and gas production and distribution; mining; hydroelectric power"),
        Committee(
            "SSEV", "Environment and Public Works", [.industrials, .materials, .utilities],
            "construction of highways; water and air pollution; nuclear energy other than "
                + "military"),
        Committee(
            "SSFI", "Finance", [.financials, .healthCare],
            "bonded debt; deposit of public moneys; health programs under the Social Security Act"),
        Committee("SSFR", "Foreign Relations"),
        Committee("SSGA", "Homeland Security and Governmental Affairs"),
        Committee(
            "SSHR", "Health, Education, Labor, and Pensions",
            [.consumerDiscretionary, .healthCare],
            "measures relating to education, labor, health, and public welfare"),
        Committee(
            "SSJU", "Judiciary", [.communicationServices, .informationTechnology],
            "patents, copyrights and trademarks; protection of trade against monopolies"),
        Committee("SSRA", "Rules and Administration"),
        Committee("SSSB", "Small Business and Entrepreneurship"),
        Committee("SSVA", "Veterans' Affairs", [.healthCare], "veterans' hospitals, medical care"),
    ]

    private static let joint = [
        Committee("JCSE", "Commission on Security and Cooperation in Europe"),
        Committee("JSEC", "Economic Committee"),
        Committee("JSLC", "Library"),
        Committee("JSPR", "Printing"),
        Committee("JSTX", "Taxation"),
    ]
}

import Testing

@testable import XGBoost

@Suite("XGBoost")
struct LibraryTests {
    @Test("the library is linked and says its version")
    func version() {
        #expect(XGBoostLibrary.version.split(separator: ".").count == 3)
    }
}

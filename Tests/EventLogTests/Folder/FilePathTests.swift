import EventLog
import Testing

@Suite("Paths")
struct FilePathTests {
    @Test(
        "a path ends with a name in a folder, however short both are",
        arguments: [
            ("d", "", "d"), ("d/", "", "d"), ("./d", ".", "d"), ("/d", "/", "d"), ("/", "/", "/"),
            ("a/b", "a", "b"), ("a//b//", "a", "b"), ("/a/b", "/a", "b"), ("", "", ""),
            ("//d", "/", "d"), ("é/ü", "é", "ü"),
        ])
    func parts(path: String, parent: String, name: String) {
        #expect(FilePath.parent(path) == parent)
        #expect(FilePath.name(path) == name)
    }
}

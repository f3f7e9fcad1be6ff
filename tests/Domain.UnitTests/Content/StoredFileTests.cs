using AiPlatform.Domain.Content;
using AiPlatform.Domain.Shared;

namespace AiPlatform.Domain.UnitTests.Content;

public sealed class StoredFileTests
{
    private static readonly DateTimeOffset Now = new(2025, 3, 5, 12, 0, 0, TimeSpan.Zero);

    private static readonly Guid Owner = new("11111111-1111-4111-8111-111111111111");

    [TestCase("report.pdf", "report.pdf")]
    [TestCase("../../etc/passwd", "passwd")]
    [TestCase(@"C:\Users\me\notes.txt", "notes.txt")]
    [TestCase("/abs/ólûté 😀.md", "ólûté 😀.md")]
    [TestCase(" padded.txt ", "padded.txt")]
    public void FileName_WhenSentWithAPath_KeepsTheLastSegment(string sent, string expected) =>
        Assert.That(FileName.Of(sent).Value, Is.EqualTo(expected));

    [TestCase("folder/")]
    [TestCase("..")]
    [TestCase("a/..")]
    [TestCase("   ")]
    [TestCase("a\0b.txt")]
    [TestCase("a\r\nb.txt")]
    [TestCase("a\u202Efdp.exe")]
    [TestCase("a\uFFFD.txt")]
    public void FileName_WhenNotUsable_IsRefused(string sent) =>
        Assert.That(() => FileName.Of(sent), Throws.TypeOf<RefusedException>().With.Property("Error").EqualTo(FileErrors.InvalidName));

    [Test]
    public void FileName_WhenItsUnicodeIsBroken_IsRefused() =>
        Assert.That(() => FileName.Of("a\uD800.txt"), Throws.TypeOf<RefusedException>());

    [Test]
    public void FileName_WhenTooLong_IsRefused()
    {
        Assert.That(FileName.Of(new string('a', 255)).Value, Has.Length.EqualTo(255));
        Assert.That(
            () => FileName.Of(new string('a', 256)), Throws.TypeOf<RefusedException>().With.Property("Error").EqualTo(FileErrors.NameTooLong));
    }

    [TestCase("a.PDF", ".pdf")]
    [TestCase("a.tar.gz", ".gz")]
    [TestCase("a", "")]
    [TestCase("a.", "")]
    [TestCase("a.p df", "")]
    [TestCase("a.päf", "")]
    [TestCase("a.abcdefghijk", "")]
    public void SafeExtension_WhenTaken_HoldsNothingButLettersAndDigits(string name, string expected) =>
        Assert.That(FileName.Of(name).SafeExtension, Is.EqualTo(expected));

    [Test]
    public void StoredFile_WhenNamed_LiesUnderItsOwnIdAndASafeExtension()
    {
        var file = new StoredFile(Owner, FileName.Of("Report.PDF"), "application/pdf", "file-uploads", Now);

        Assert.That(file.BlobName, Is.EqualTo($"{file.Id:D}.pdf"));
        Assert.That(file.Address, Is.EqualTo(new BlobAddress("file-uploads", file.BlobName)));
    }

    [TestCase(null, "application/octet-stream")]
    [TestCase("", "application/octet-stream")]
    [TestCase("text/plain; charset=utf-8", "text/plain; charset=utf-8")]
    public void ContentType_WhenAccepted_IsKept(string? sent, string expected) =>
        Assert.That(new StoredFile(Owner, FileName.Of("a"), sent, "file-uploads", Now).ContentType, Is.EqualTo(expected));

    [TestCase("no media type")]
    [TestCase("text/plain\r\nX-Injected: yes")]
    [TestCase("text/pläin")]
    public void ContentType_WhenNotOne_IsRefused(string sent) =>
        Assert.That(
            () => new StoredFile(Owner, FileName.Of("a"), sent, "file-uploads", Now),
            Throws.TypeOf<RefusedException>().With.Property("Error").EqualTo(FileErrors.InvalidContentType));

    [Test]
    public void ContentType_WhenTooLong_IsRefused() =>
        Assert.That(
            () => new StoredFile(Owner, FileName.Of("a"), "text/" + new string('a', 123), "file-uploads", Now),
            Throws.TypeOf<RefusedException>());

    [TestCase("image/png", true)]
    [TestCase("IMAGE/JPEG; q=1", true)]
    [TestCase("application/pdf", true)]
    [TestCase("image/svg+xml", false)]
    [TestCase("text/html", false)]
    public void IsShownInline_WhenAsked_AllowsOnlyTypesWithoutScript(string contentType, bool expected) =>
        Assert.That(StoredFile.IsShownInline(contentType), Is.EqualTo(expected));

    [TestCase("file-uploads", "a.pdf", true)]
    [TestCase("file-uploads", "../a", false)]
    [TestCase("file-uploads", ".hidden", false)]
    [TestCase("file-uploads", "a/b", false)]
    [TestCase("file-uploads", @"a\b", false)]
    [TestCase("file-uploads", "a\n", false)]
    [TestCase("file-uploads", "", false)]
    [TestCase("..", "a", false)]
    [TestCase("Upper", "a", false)]
    [TestCase("a--b", "a", false)]
    [TestCase("ab", "a", false)]
    public void BlobAddress_WhenMadeOfAClientsText_AcceptsNoPath(string container, string name, bool accepted) =>
        Assert.That(BlobAddress.TryCreate(container, name) is not null, Is.EqualTo(accepted));
}

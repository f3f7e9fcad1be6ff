using AiPlatform.Domain.Content;
using AiPlatform.Domain.Shared;

namespace AiPlatform.Domain.UnitTests.Content;

public sealed class RagDocumentTests
{
    private static readonly DateTimeOffset Now = new(2025, 3, 5, 12, 0, 0, TimeSpan.Zero);

    private static readonly Guid Someone = new("11111111-1111-4111-8111-111111111111");

    [Test]
    public void Fill_WhenGivenChunks_NumbersThemInOrder()
    {
        var document = Document();

        document.Fill(["one", "two"]);

        Assert.That(document.ChunkCount, Is.EqualTo(2));
        Assert.That(document.Chunks.Select(chunk => (chunk.Ordinal, chunk.Text)), Is.EqualTo(new[] { (0, "one"), (1, "two") }));
    }

    [Test]
    public void Fill_WhenDoneTwice_IsRefused()
    {
        var document = Document();
        document.Fill(["one"]);

        Assert.That(() => document.Fill(["two"]), Throws.InvalidOperationException);
    }

    [Test]
    public void Embed_WhenVectorsDoNotFitTheChunks_IsRefused()
    {
        var document = Document();
        document.Fill(["one", "two"]);

        Assert.That(() => document.Embed("model", [Vector(1, 0)]), Throws.ArgumentException);
        Assert.That(() => document.Embed("model", [Vector(1, 0), Vector(1)]), Throws.ArgumentException);
        Assert.That(document.EmbeddingModel, Is.Null);
    }

    [Test]
    public void Embed_WhenVectorsFit_KeepsThemAtLengthOne()
    {
        var document = Document();
        document.Fill(["one"]);

        document.Embed("model", [Vector(3, 4)]);

        Assert.That(document.Chunks[0].Embedding, Is.EqualTo(EmbeddingVector.Normalised([0.6f, 0.8f]).ToBytes()));
    }

    [Test]
    public void Admit_WhenThereIsNoRoom_IsRefusedAndChangesNothing()
    {
        var library = DocumentLibrary.Empty();
        library.Admit(6, limit: 10);

        Assert.That(
            () => library.Admit(5, limit: 10), Throws.TypeOf<RefusedException>().With.Message.EqualTo(RagErrors.LibraryFull(10).Message));
        Assert.That((library.ChunkCount, library.Revision), Is.EqualTo((6, 1L)));
        library.Admit(4, limit: 10);
        Assert.That((library.ChunkCount, library.Revision), Is.EqualTo((10, 2L)));
    }

    [Test]
    public void Discard_WhenDone_MakesRoomAndIsAChange()
    {
        var library = DocumentLibrary.Empty();
        library.Admit(6, limit: 10);

        library.Discard(6);

        Assert.That((library.ChunkCount, library.Revision), Is.EqualTo((0, 2L)));
        Assert.That(() => library.Discard(1), Throws.TypeOf<ArgumentOutOfRangeException>());
    }

    private static ReadOnlyMemory<float> Vector(params float[] values) => values;

    private static RagDocument Document() =>
        new(new StoredFile(Someone, FileName.Of("a.txt"), null, "file-uploads", Now), CollectionName.Shared, Someone, Now);
}

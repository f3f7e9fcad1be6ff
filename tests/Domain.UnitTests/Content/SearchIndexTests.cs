using AiPlatform.Domain.Content;

namespace AiPlatform.Domain.UnitTests.Content;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class SearchIndexTests
{
    private const string Model = "embedding-model";

    private static readonly Guid Someone = new("11111111-1111-4111-8111-111111111111");

    private readonly Dictionary<Guid, string> _texts = [];

    [Test]
    public void Bm25_WhenComputedByHand_Agrees()
    {
        // ln(1 + (3 - 1 + 0.5) / (1 + 0.5)) = 0.98083; 0.98083 * 2 * 2.2 / (2 + 1.2 * (0.25 + 0.75 * 4 / 5)) = 1.42902
        var weight = Bm25.InverseDocumentFrequency(total: 3, containing: 1);

        Assert.That(weight, Is.EqualTo(0.980829).Within(1e-6));
        Assert.That(Bm25.Score(weight, frequency: 2, length: 4, averageLength: 5), Is.EqualTo(1.429023).Within(1e-6));
    }

    [Test]
    public void Bm25_WhenATermIsEverywhere_StillCountsForSomething() =>
        Assert.That(Bm25.InverseDocumentFrequency(total: 10, containing: 10), Is.GreaterThan(0));

    [Test]
    public void Fuse_WhenAnItemIsInBothRankings_PutsItBeforeTheLeadersOfOne() =>
        Assert.That(ReciprocalRankFusion.Fuse<string>(["a", "both", "c"], ["d", "both", "e"])[0], Is.EqualTo("both"));

    [Test]
    public void Fuse_WhenOneRankingIsEmpty_KeepsTheOther() =>
        Assert.That(ReciprocalRankFusion.Fuse<string>([], ["a", "b"]), Is.EqualTo(new[] { "a", "b" }));

    [Test]
    public void Search_WhenATermIsRare_PrefersItToACommonOne()
    {
        var index = Index(Segment("shared", "the leave policy", "the travel policy", "the policy on bicycles", "the policy of the house"));

        Assert.That(Texts(index.Search("the bicycles policy", null, 1)), Is.EqualTo(new[] { "the policy on bicycles" }));
    }

    [Test]
    public void Search_WhenNoTermMatches_FindsNothing() =>
        Assert.That(Index(Segment("shared", "annual leave")).Search("zebra", null, 4), Is.Empty);

    [Test]
    public void Search_WhenMoreMatchThanAskedFor_ReturnsTheBest()
    {
        var index = Index(Segment("shared", [.. Enumerable.Range(0, 100).Select(number => $"leave number {number}")]));

        Assert.That(index.Search("leave", null, 4), Has.Count.EqualTo(4));
    }

    [Test]
    public void Search_WhenWordsDifferAndMeaningAgrees_FindsByMeaning()
    {
        var index = Index(Segment("shared", ("holiday entitlement", [1f, 0f]), ("office furniture", [0f, 1f])));

        Assert.That(index.Search("vacation", null, 1), Is.Empty);
        Assert.That(Texts(index.Search("vacation", (Model, Vector(0.9f, 0.1f)), 1)), Is.EqualTo(new[] { "holiday entitlement" }));
    }

    [Test]
    public void Search_WhenVectorsAreOfAnotherModelOrLength_GoesByWords()
    {
        var index = Index(Segment("shared", ("holiday entitlement", [1f, 0f])));

        Assert.That(index.Search("vacation", ("another-model", Vector(1, 0)), 1), Is.Empty);
        Assert.That(index.Search("vacation", (Model, Vector(1, 0, 0)), 1), Is.Empty);
        Assert.That(index.HasVectorsOf("another-model"), Is.False);
    }

    [Test]
    public void Search_WhenACollectionIsNotOpenToTheCaller_DoesNotSeeIt()
    {
        DocumentSegment[] segments = [Segment("shared", "leave for all"), Segment(Someone.ToString("D"), "leave for one")];

        Assert.That(Texts(new SearchIndex(segments, CollectionName.Shared).Search("leave", null, 4)), Is.EqualTo(new[] { "leave for all" }));
        Assert.That(new SearchIndex(segments, CollectionName.Shared, CollectionName.Of(Someone)).Search("leave", null, 4), Has.Count.EqualTo(2));
        Assert.That(new SearchIndex([segments[1]], CollectionName.Shared).IsEmpty, Is.True);
    }

    [Test]
    public void Similarity_WhenComputed_IsTheCosine([Values(1, 7, 8, 33, 1536)] int dimensions)
    {
        var left = Enumerable.Range(1, dimensions).Select(number => (float)Math.Sin(number)).ToArray();
        var right = Enumerable.Range(1, dimensions).Select(number => (float)Math.Cos(number)).ToArray();
        var expected = left.Zip(right, (a, b) => (double)a * b).Sum()
            / Math.Sqrt(left.Sum(value => (double)value * value) * right.Sum(value => (double)value * value));

        Assert.That(Vector(left).Similarity(EmbeddingVector.FromBytes(Vector(right).ToBytes())), Is.EqualTo(expected).Within(1e-5));
    }

    [Test]
    public void Normalised_WhenAVectorHasNoLength_IsSimilarToNothing() =>
        Assert.That(Vector(0, 0).Similarity(Vector(1, 0)), Is.Zero);

    private static EmbeddingVector Vector(params float[] values) => EmbeddingVector.Normalised(values);

    private static SearchIndex Index(params DocumentSegment[] segments) => new(segments, CollectionName.Shared);

    private DocumentSegment Segment(string collection, params string[] texts) =>
        Segment(collection, null, [.. texts.Select(text => (text, (float[]?)null))]);

    private DocumentSegment Segment(string collection, params (string Text, float[]? Vector)[] chunks) => Segment(collection, Model, chunks);

    private DocumentSegment Segment(string collection, string? model, (string Text, float[]? Vector)[] chunks)
    {
        var searchable = chunks.Select(chunk => new SearchableChunk(
            NextId(), chunk.Text, chunk.Vector is null ? null : EmbeddingVector.Normalised(chunk.Vector))).ToArray();
        foreach (var chunk in searchable)
        {
            _texts[chunk.Id] = chunk.Text;
        }

        return new DocumentSegment(NextId(), collection, model, searchable);
    }

    private static Guid NextId() => Guid.CreateVersion7(TimeProvider.System.GetUtcNow());

    private IEnumerable<string> Texts(IEnumerable<Guid> chunks) => chunks.Select(chunk => _texts[chunk]);
}

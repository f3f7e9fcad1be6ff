namespace AiPlatform.Application.UnitTests.Gateway.Translation;

/// <summary>What each translation makes of requests, answers, streams and errors in the formats that clients and providers speak.</summary>
[TestFixture]
public sealed class GoldenTests
{
    private static IEnumerable<string> Inputs => GoldenCases.InputsIn(GoldenCases.Folder);

    [TestCaseSource(nameof(Inputs))]
    public void Input_WhenTranslated_BecomesItsOutput(string input)
    {
        var translated = GoldenCases.Translate(input);

        Assert.That(translated, Is.EqualTo(OutputOf(input)), () => Kept(input, translated));
    }

    [TestCaseSource(nameof(Inputs))]
    public void Input_WhenItsOutputIsChanged_IsNoLongerWhatItBecomes(string input)
    {
        var output = OutputOf(input);
        var changed = output.Remove(output.Length / 2, 1);

        Assert.That(Is.EqualTo(changed).ApplyTo(GoldenCases.Translate(input)).IsSuccess, Is.False);
    }

    [Test]
    public void Folder_WhenLookedThrough_HasRequestsAnswersStreamsAndErrorsOfEachTranslation()
    {
        foreach (var translation in GoldenCases.Names)
        {
            var cases = Inputs.Where(input => input.StartsWith(translation + "/", StringComparison.Ordinal)).ToList();
            int Count(string what) => cases.Count(input => input.Contains(what, StringComparison.Ordinal));

            Assert.Multiple(() =>
            {
                Assert.That(Count(".request."), Is.GreaterThanOrEqualTo(8), translation);
                Assert.That(Count(".answer."), Is.GreaterThanOrEqualTo(8), translation);
                Assert.That(Count(".stream."), Is.GreaterThanOrEqualTo(8), translation);
                Assert.That(Count(".error-"), Is.GreaterThanOrEqualTo(4), translation);
            });
        }
    }

    [TestCase("plain.request.in.json")]
    [TestCase("plain.stream.out.sse")]
    public void File_WhenItsCounterpartIsMissing_IsReported(string file)
    {
        var folder = Directory.CreateTempSubdirectory("golden");
        try
        {
            File.WriteAllText(Path.Combine(folder.FullName, file), "{}");

            Assert.That(() => GoldenCases.InputsIn(folder.FullName).ToList(), Throws.InstanceOf<FileNotFoundException>());
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static string OutputOf(string input) => File.ReadAllText(Path.Combine(GoldenCases.Folder, GoldenCases.OutputOf(input)));

    /// <summary>Keeps what was translated beside the tests, so that a wanted change can be compared and copied.</summary>
    private static string Kept(string input, string translated)
    {
        var file = Path.Combine(TestContext.CurrentContext.TestDirectory, "golden-received", GoldenCases.OutputOf(input));
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, translated);
        return $"What it became is kept in {file}";
    }
}

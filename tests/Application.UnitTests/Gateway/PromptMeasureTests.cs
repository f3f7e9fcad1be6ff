using System.Text;
using AiPlatform.Application.Gateway.Relay;

namespace AiPlatform.Application.UnitTests.Gateway;

/// <summary>What a request's prompt can take at most, told by one look at its bytes.</summary>
public sealed class PromptMeasureTests
{
    [TestCase("""{"messages":[{"role":"user","content":"Hello"}]}""", 0, 1, false)]
    [TestCase("""{"prompt":"a"}""", 0, 1, false)]
    [TestCase("""{"prompt":[]}""", 0, 1, false)]
    [TestCase("""{"prompt":["a","b"]}""", 0, 2, false)]
    [TestCase("""{"prompt":[1,2,3]}""", 0, 1, false)]
    [TestCase("""{"prompt":[[1,2],[3]],"stop":["x","y"]}""", 0, 2, false)]
    [TestCase("""{"p\u0072ompt":["a","b","c"]}""", 0, 3, false)]
    [TestCase("""{"messages":[{"prompt":["a","b"]}]}""", 0, 1, false)]
    [TestCase("""{"messages":[{"content":[{"type":"image_url","image_url":{"url":"https://x"}},{"type":"input_image"}]}]}""", 2, 1, false)]
    [TestCase("""{"messages":[{"content":"image_url"}]}""", 0, 1, false)]
    [TestCase("""{"previous_response_id":"resp_1"}""", 0, 1, true)]
    [TestCase("""{"previous\u005fresponse_id":"resp_1"}""", 0, 1, true)]
    [TestCase("""{"input":[{"content":[{"type":"input_file","file_id":"file_1"}]}]}""", 0, 1, true)]
    [TestCase("""{"tools":[{"type":"web_search_preview"}]}""", 0, 1, true)]
    [TestCase("""{"tools":[{"type":"web\u005fsearch"}]}""", 0, 1, true)]
    [TestCase("""{"\ud800":["\ud800"],"type":7}""", 0, 1, false)]
    public void Of_ARequest_CountsWhatItShowsAsksAndNames(string json, int images, int prompts, bool elsewhere)
    {
        var measure = PromptMeasure.Of(Encoding.UTF8.GetBytes(json));

        Assert.That((measure.Images, measure.Prompts, measure.RefersElsewhere), Is.EqualTo((images, prompts, elsewhere)));
        Assert.That(measure.TextBytes, Is.EqualTo(Encoding.UTF8.GetByteCount(json)));
    }

    [TestCase("""{"type":"image_url","image_url":{"url":"IMAGE"}}""", "data:image/png;base64,")]
    [TestCase("""{"type":"image","source":{"type":"base64","media_type":"image/png","data":"IMAGE"}}""", "")]
    public void Of_AnEmbeddedImage_LeavesItsBytesOut(string json, string start)
    {
        var image = start + new string('A', 1_000);
        var whole = json.Replace("IMAGE", image, StringComparison.Ordinal);

        var measure = PromptMeasure.Of(Encoding.UTF8.GetBytes(whole));

        Assert.That((measure.TextBytes, measure.Images), Is.EqualTo(((long)(whole.Length - image.Length), 1)));
    }

    [Test]
    public void MostTokens_OfWhatIsReadFromElsewhere_IsTheWindow()
    {
        var measure = PromptMeasure.Of("""{"conversation":"c"}"""u8);

        Assert.That(measure.MostTokens(128_000), Is.EqualTo(128_000));
        Assert.That(measure.MostTokens(window: null), Is.EqualTo(PromptMeasure.LargestWindow));
        Assert.That(measure.MostTokens(10), Is.GreaterThan(10));
    }
}

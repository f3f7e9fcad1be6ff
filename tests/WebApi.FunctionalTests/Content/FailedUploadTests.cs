using System.Net;
using System.Text;
using AiPlatform.Domain.Content;
using AiPlatform.Infrastructure.Shared;
using AiPlatform.WebApi.FunctionalTests.Support;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.WebApi.FunctionalTests.Content;

/// <summary>Uploads that fail after some of their files were stored, one at a time on a platform where none ever succeeds.</summary>
[TestFixtureSource(typeof(Databases), nameof(Databases.All))]
[Parallelizable(ParallelScope.Self)]
public sealed class FailedUploadTests(DatabaseProvider database)
{
    private static readonly byte[] Hello = Encoding.UTF8.GetBytes("hello");

    private readonly string _blobs = Directory.CreateTempSubdirectory("aiplatform-blobs-").FullName;

    private TestPlatform _platform = null!;

    private Api Api { get; set; } = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _platform = await TestPlatform.StartAsync(database, ("Storage:Path", _blobs));
        Api = _platform.Api();
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        await _platform.DisposeAsync();
        Directory.Delete(_blobs, recursive: true);
    }

    [Test]
    public async Task FailedUpload_WhenThereAreEleven_StoresNone()
    {
        var person = await Api.UserAsync();

        var answer = await Api.UploadAsync(
            person.Token, [.. Enumerable.Range(0, 11).Select(number => ($"{number}.txt", Hello, (string?)"text/plain"))]);

        answer.AssertBadRequest("At most 10 files can be uploaded in one request");
        await NothingIsKeptAsync();
    }

    [Test]
    public async Task FailedUpload_WhenOneFileIsTooLarge_StoresNone()
    {
        var person = await Api.UserAsync();

        var answer = await Api.UploadAsync(
            person.Token, ("first.txt", Hello, "text/plain"), ("large.bin", new byte[(25 * 1024 * 1024) + 1], null));

        answer.AssertRefused(HttpStatusCode.RequestEntityTooLarge, "Payload Too Large", "File exceeds the maximum allowed size");
        await NothingIsKeptAsync();
    }

    [Test]
    public async Task FailedUpload_WhenTheRequestIsTooLarge_StoresNone()
    {
        var person = await Api.UserAsync();
        var large = new byte[21 * 1024 * 1024];

        var answer = await Api.UploadAsync(person.Token, [.. Enumerable.Range(0, 5).Select(number => ($"{number}.bin", large, (string?)null))]);

        answer.AssertRefused(HttpStatusCode.RequestEntityTooLarge, "Payload Too Large", "Request body exceeds the maximum allowed size");
        await NothingIsKeptAsync();
    }

    [Test]
    public async Task FailedUpload_WhenANameOrTypeIsUnusable_StoresNone()
    {
        var person = await Api.UserAsync();
        var typed = ContentCalls.Part("a.txt", Hello);
        typed.Headers.TryAddWithoutValidation("Content-Type", "no media type");

        foreach (var bad in new[] { ContentCalls.Part("a\u0007b.txt", Hello), ContentCalls.Part(new string('a', 256), Hello), ContentCalls.Part("..", Hello), typed })
        {
            var answer = await Api.UploadAsync(person.Token, new MultipartFormDataContent { ContentCalls.Part("first.txt", Hello), bad });
            Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.BadRequest), answer.Text);
        }

        await NothingIsKeptAsync();
    }

    [TestCase("multipart/form-data", "x")]
    [TestCase("multipart/form-data; boundary=b", "--b\r\nContent-Disposition: form-data; name=\"files\"; filename=\"a.txt\"\r\n\r\ncut off")]
    [TestCase("multipart/form-data; boundary=b", "--b\r\nnot a header\r\n\r\nx\r\n--b--")]
    [TestCase("multipart/form-data; boundary=b", "no boundary at all")]
    public async Task FailedUpload_WhenTheBodyIsMalformed_StoresNone(string type, string text)
    {
        var person = await Api.UserAsync();
        var body = new StringContent(text);
        body.Headers.Remove("Content-Type");
        body.Headers.TryAddWithoutValidation("Content-Type", type);

        var answer = await Api.UploadAsync(person.Token, body);

        answer.AssertBadRequest("The multipart request body is malformed");
        await NothingIsKeptAsync();
    }

    private async Task NothingIsKeptAsync()
    {
        Assert.That(await _platform.QueryAsync(db => db.Set<StoredFile>().CountAsync()), Is.Zero);
        Assert.That(Directory.EnumerateFiles(_blobs, "*", SearchOption.AllDirectories), Is.Empty);
    }
}

using System.Net;
using System.Security.Cryptography;
using System.Text;
using AiPlatform.Domain.Content;
using AiPlatform.Infrastructure.Shared;
using AiPlatform.WebApi.FunctionalTests.Support;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.WebApi.FunctionalTests.Content;

public sealed class UploadFilesTests(DatabaseProvider database) : PlatformTests(database)
{
    private static readonly byte[] Hello = Encoding.UTF8.GetBytes("hello");

    [Test]
    public async Task UploadFiles_WhenSeveralAreSent_StoresAllInTheirOrder()
    {
        var person = await Api.UserAsync();

        var answer = await Api.UploadAsync(person.Token, ("a.pdf", Hello, "application/pdf"), ("b.bin", [], null));

        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.OK), answer.Text);
        Assert.That(answer["message"]!.GetValue<string>(), Is.EqualTo("Files uploaded successfully"));
        var files = answer["uploaded_files"]!.AsArray();
        Assert.That(files.Select(file => file!["file_name"]!.GetValue<string>()), Is.EqualTo(new[] { "a.pdf", "b.bin" }));
        Assert.That(
            files.Select(file => file!["content_type"]!.GetValue<string>()), Is.EqualTo(new[] { "application/pdf", "application/octet-stream" }));
        var stored = await FileAsync(files[0]!["file_id"]!.GetValue<Guid>());
        Assert.That(stored.OwnerUserId, Is.EqualTo(person.Id));
        Assert.That((stored.Size, stored.Sha256), Is.EqualTo(((long)Hello.Length, Convert.ToHexStringLower(SHA256.HashData(Hello)))));
        Assert.That(stored.BlobName, Is.EqualTo($"{stored.Id:D}.pdf"));
    }

    [TestCase("../../etc/passwd.txt", "passwd.txt")]
    [TestCase(@"C:\Users\me\notes.txt", "notes.txt")]
    public async Task UploadFiles_WhenTheNameIsAPath_KeepsItsLastSegment(string sent, string kept)
    {
        var person = await Api.UserAsync();

        var answer = await Api.UploadAsync(person.Token, (sent, Hello, "text/plain"));

        Assert.That(answer["uploaded_files"]![0]!["file_name"]!.GetValue<string>(), Is.EqualTo(kept), answer.Text);
    }

    [Test]
    public async Task UploadFiles_WhenSomeNamesAreEmpty_SkipsThose()
    {
        var person = await Api.UserAsync();

        var answer = await Api.UploadAsync(person.Token, (string.Empty, [], null), ("a.txt", Hello, "text/plain"), (string.Empty, [], null));

        Assert.That(answer["uploaded_files"]!.AsArray(), Has.Count.EqualTo(1), answer.Text);
    }

    [Test]
    public async Task UploadFiles_WhenCredentialsAndBodyAreWrong_IsRefusedForTheCredentials()
    {
        var malformed = new ByteArrayContent(Hello) { Headers = { { "Content-Type", "multipart/form-data" } } };

        (await Api.UploadAsync(null, malformed)).AssertUnauthenticated("Missing X-Token header");
        (await Api.UploadAsync("nonsense", ("..", Hello, null))).AssertUnauthenticated("Invalid token");
    }

    [Test]
    public async Task UploadFiles_WhenTheTokenHasExpired_IsRefused()
    {
        await using var platform = await TestPlatform.StartAsync(Database);
        var person = await platform.Api().UserAsync();
        platform.Clock.Advance(TimeSpan.FromHours(2));

        var answer = await platform.Api().UploadAsync(person.Token, ("a.txt", Hello, null));

        answer.AssertUnauthenticated("Token has expired");
    }

    [Test]
    public async Task UploadFiles_WhenThereIsNoFilesPart_IsRefused()
    {
        var person = await Api.UserAsync();
        var field = new MultipartFormDataContent { { new StringContent("text"), "files" } };
        var otherName = new MultipartFormDataContent { ContentCalls.Part("a.txt", Hello, field: "documents") };

        foreach (var body in new HttpContent[] { field, otherName, new StringContent("{}", Encoding.UTF8, "application/json"), new ByteArrayContent([]) })
        {
            (await Api.UploadAsync(person.Token, body)).AssertBadRequest("No files part in the request");
        }
    }

    [Test]
    public async Task UploadFiles_WhenEveryNameIsEmpty_IsRefused()
    {
        var person = await Api.UserAsync();

        var answer = await Api.UploadAsync(person.Token, (string.Empty, [], null), (string.Empty, Hello, null));

        answer.AssertBadRequest("No files selected for upload");
    }

    [Test]
    public async Task UploadFiles_WhenAFileIsAsLargeAsAllowed_StoresIt()
    {
        var person = await Api.UserAsync();

        var fileId = await Api.FileAsync(person.Token, "large.bin", new byte[25 * 1024 * 1024]);

        Assert.That((await FileAsync(fileId)).Size, Is.EqualTo(25 * 1024 * 1024));
    }

    [Test]
    public async Task UploadFiles_WhenThereAreVeryManyParts_IsRefused()
    {
        var person = await Api.UserAsync();

        var answer = await Api.UploadAsync(person.Token, [.. Enumerable.Repeat((string.Empty, Array.Empty<byte>(), (string?)null), 101)]);

        answer.AssertBadRequest("A multipart request may have at most 100 parts");
    }

    private Task<StoredFile> FileAsync(Guid id) => Platform.QueryAsync(db => db.Set<StoredFile>().SingleAsync(file => file.Id == id));
}

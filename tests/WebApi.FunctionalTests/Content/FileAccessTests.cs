using System.Globalization;
using System.Net;
using System.Text;
using AiPlatform.Domain.Content;
using AiPlatform.Infrastructure.Shared;
using AiPlatform.WebApi.FunctionalTests.Support;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.WebApi.FunctionalTests.Content;

public sealed class FileAccessTests(DatabaseProvider database) : PlatformTests(database)
{
    private const string Unknown = "0195f0f0-0000-7000-8000-000000000000";

    [Test]
    public async Task GetFileUrl_WhenTheOwnerAsks_SignsALinkThatReadsTheFile()
    {
        var person = await Api.UserAsync();
        var fileId = await Api.FileAsync(person.Token, "Ünique name.txt", "the text");

        var answer = await Api.PostAsync("/get-file-url", new { file_id = fileId }, token: person.Token);

        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.OK), answer.Text);
        Assert.That(answer["file_name"]!.GetValue<string>(), Is.EqualTo("Ünique name.txt"));
        Assert.That(answer["content_type"]!.GetValue<string>(), Is.EqualTo("text/plain"));
        Assert.That(answer["upload_date"]!.GetValue<string>(), Does.Match(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{6})?$"));
        using var file = await Api.Http.GetAsync(new Uri(answer["file_url"]!.GetValue<string>()).PathAndQuery);
        Assert.That(await file.Content.ReadAsStringAsync(), Is.EqualTo("the text"));
        Assert.That(file.Content.Headers.ContentType!.ToString(), Is.EqualTo("text/plain"));
        Assert.That(file.Content.Headers.ContentDisposition!.DispositionType, Is.EqualTo("attachment"));
        Assert.That(file.Content.Headers.ContentDisposition.FileNameStar, Is.EqualTo("Ünique name.txt"));
        Assert.That(file.Headers.GetValues("X-Content-Type-Options"), Is.EqualTo(new[] { "nosniff" }));
    }

    [TestCase("image/png", "inline")]
    [TestCase("application/pdf", "inline")]
    [TestCase("text/html", "attachment")]
    [TestCase("image/svg+xml", "attachment")]
    public async Task Download_WhenTheTypeCouldRunScript_IsSavedAndNotShown(string contentType, string disposition)
    {
        var person = await Api.UserAsync();
        var fileId = await Api.FileAsync(person.Token, "file", Encoding.UTF8.GetBytes("x"), contentType);

        using var file = await Api.Http.GetAsync(new Uri(await Api.FileUrlAsync(person.Token, fileId)).PathAndQuery);

        Assert.That(file.Content.Headers.ContentDisposition!.DispositionType, Is.EqualTo(disposition));
        Assert.That(file.Content.Headers.ContentType!.MediaType, Is.EqualTo(contentType));
    }

    [Test]
    public async Task Download_WhenARangeIsAskedFor_SendsOnlyThat()
    {
        var person = await Api.UserAsync();
        var fileId = await Api.FileAsync(person.Token, "a.txt", "0123456789");
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(await Api.FileUrlAsync(person.Token, fileId)).PathAndQuery);
        request.Headers.Range = new(2, 4);

        using var file = await Api.Http.SendAsync(request);

        Assert.That(file.StatusCode, Is.EqualTo(HttpStatusCode.PartialContent));
        Assert.That(await file.Content.ReadAsStringAsync(), Is.EqualTo("234"));
    }

    [Test]
    public async Task Download_WhenTheLinkIsAltered_IsRefused()
    {
        var person = await Api.UserAsync();
        var url = new Uri(await Api.FileUrlAsync(person.Token, await Api.FileAsync(person.Token, "a.txt", "mine"))).PathAndQuery;
        var other = new Uri(await Api.FileUrlAsync(person.Token, await Api.FileAsync(person.Token, "b.txt", "yours"))).PathAndQuery;
        var (path, query) = (url.Split('?')[0], url.Split('?')[1]);
        var expires = long.Parse(query.Split('&')[0]["exp=".Length..], CultureInfo.InvariantCulture);
        var signature = query.Split('&')[1]["sig=".Length..];

        string[] altered =
        [
            path,
            $"{path}?exp={expires}",
            $"{path}?exp={expires + 1}&sig={signature}",
            $"{path}?exp=+{expires}&sig={signature}",
            $"{path}?exp=99999999999999999999&sig={signature}",
            $"{path}?exp={expires}&sig={(signature[0] == 'A' ? 'B' : 'A')}{signature[1..]}",
            $"{path}?exp={expires}&sig={signature[..^2]}",
            $"{path}?exp={expires}&sig=%00%ff",
            $"{other.Split('?')[0]}?{query}",
            $"{path.Replace("file-uploads", "dalle-images", StringComparison.Ordinal)}?{query}",
            $"/files/file-uploads/..%2f..%2fetc%2fpasswd?{query}",
        ];
        foreach (var link in altered)
        {
            (await Api.GetAsync(link)).AssertForbidden("The link is not valid or has expired");
        }
    }

    [Test]
    public async Task Download_WhenTheLinksTimeIsOver_IsRefused()
    {
        await using var platform = await TestPlatform.StartAsync(Database);
        var api = platform.Api();
        var person = await api.UserAsync();
        var url = new Uri(await api.FileUrlAsync(person.Token, await api.FileAsync(person.Token, "a.txt", "x"))).PathAndQuery;

        platform.Clock.Advance(TimeSpan.FromMinutes(14));
        Assert.That((await api.GetAsync(url)).Status, Is.EqualTo(HttpStatusCode.OK));
        platform.Clock.Advance(TimeSpan.FromMinutes(1));
        (await api.GetAsync(url)).AssertForbidden("The link is not valid or has expired");
    }

    [Test]
    public async Task Download_WhenTheFileIsDeleted_IsNotFound()
    {
        var person = await Api.UserAsync();
        var fileId = await Api.FileAsync(person.Token, "a.txt", "x");
        var url = new Uri(await Api.FileUrlAsync(person.Token, fileId)).PathAndQuery;
        await Api.DeleteAsync("/delete-file", new { file_id = fileId }, token: person.Token);

        (await Api.GetAsync(url)).AssertRefused(HttpStatusCode.NotFound, "Not Found", "File not found");
    }

    [Test]
    public async Task DeleteFile_WhenTheOwnerAsks_DeletesBytesAndRow()
    {
        var person = await Api.UserAsync();
        var fileId = await Api.FileAsync(person.Token, "a.txt", "x");

        var answer = await Api.DeleteAsync("/delete-file", new { file_id = fileId.ToString("D").ToUpperInvariant() }, token: person.Token);

        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.OK), answer.Text);
        Assert.That(answer["message"]!.GetValue<string>(), Is.EqualTo("File deleted successfully"));
        Assert.That(answer["file_id"]!.GetValue<Guid>(), Is.EqualTo(fileId));
        Assert.That(await Platform.QueryAsync(db => db.Set<StoredFile>().AnyAsync(file => file.Id == fileId)), Is.False);
    }

    [Test]
    public async Task DeleteFile_WhenTheIdIsInTheQuery_DeletesIt()
    {
        var person = await Api.UserAsync();
        var fileId = await Api.FileAsync(person.Token, "a.txt", "x");

        Assert.That((await Api.DeleteAsync($"/delete-file?file_id={fileId}", token: person.Token)).Status, Is.EqualTo(HttpStatusCode.OK));
        (await Api.DeleteAsync($"/delete-file?file_id={fileId}", token: person.Token))
            .AssertRefused(HttpStatusCode.NotFound, "Not Found", $"File with ID {fileId} not found");
    }

    [Test]
    public async Task Files_WhenTheyAreAnotherPersons_AreForbidden()
    {
        var owner = await Api.UserAsync();
        var other = await Api.UserAsync();
        var fileId = await Api.FileAsync(owner.Token, "a.txt", "x");

        (await Api.PostAsync("/get-file-url", new { file_id = fileId }, token: other.Token))
            .AssertForbidden("You don't have permission to access this file");
        (await Api.DeleteAsync("/delete-file", new { file_id = fileId }, token: other.Token))
            .AssertForbidden("You don't have permission to delete this file");
    }

    [Test]
    public async Task Files_WhenAnAdministratorAsks_AreOpen()
    {
        var owner = await Api.UserAsync();
        var fileId = await Api.FileAsync(owner.Token, "a.txt", "x");
        var token = await Api.TokenAsync();

        Assert.That((await Api.PostAsync("/get-file-url", new { file_id = fileId }, token: token)).Status, Is.EqualTo(HttpStatusCode.OK));
        Assert.That((await Api.DeleteAsync("/delete-file", new { file_id = fileId }, token: token)).Status, Is.EqualTo(HttpStatusCode.OK));
    }

    [TestCase(Unknown)]
    [TestCase("not-a-uuid")]
    [TestCase("'; DROP TABLE file_uploads; --")]
    public async Task Files_WhenThereIsNoSuchFile_AreNotFound(string id)
    {
        var person = await Api.UserAsync();

        (await Api.PostAsync("/get-file-url", new { file_id = id }, token: person.Token))
            .AssertRefused(HttpStatusCode.NotFound, "Not Found", $"File with ID {id} not found");
        (await Api.DeleteAsync("/delete-file", new { file_id = id }, token: person.Token))
            .AssertRefused(HttpStatusCode.NotFound, "Not Found", $"File with ID {id} not found");
    }

    [TestCase("")]
    [TestCase("{}")]
    [TestCase("[]")]
    [TestCase("{\"file_id\":")]
    [TestCase("{\"file_id\":null}")]
    [TestCase("{\"file_id\":5}")]
    [TestCase("{\"file_id\":\"\"}")]
    public async Task Files_WhenNoIdIsGiven_AreRefused(string body)
    {
        var person = await Api.UserAsync();

        (await Api.PostAsync("/get-file-url", body, token: person.Token))
            .AssertBadRequest("file_id is required in the request body");
        (await Api.DeleteAsync("/delete-file", body, token: person.Token))
            .AssertBadRequest("file_id is required in the request body");
    }

    [Test]
    public async Task Files_WhenTheTokenIsMissingOrUnknown_AreRefusedBeforeTheBody()
    {
        (await Api.PostAsync("/get-file-url")).AssertUnauthenticated("Missing X-Token header");
        (await Api.DeleteAsync("/delete-file")).AssertUnauthenticated("Missing X-Token header");
        (await Api.PostAsync("/get-file-url", token: "x")).AssertUnauthenticated("Invalid token");
        (await Api.DeleteAsync("/delete-file", token: "x")).AssertUnauthenticated("Invalid token");
    }
}

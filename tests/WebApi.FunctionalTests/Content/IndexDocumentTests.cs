using System.IO.Compression;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using AiPlatform.Domain.Content;
using AiPlatform.Infrastructure.Shared;
using AiPlatform.WebApi.FunctionalTests.Support;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.WebApi.FunctionalTests.Content;

public sealed class IndexDocumentTests(DatabaseProvider database) : PlatformTests(database)
{
    private const string Path = "/admin/rag/documents";

    [Test]
    public async Task IndexDocument_WhenDone_IsListed()
    {
        var fileId = await Api.FileAsync(await Api.TokenAsync(), "listed.txt", "Some text.");
        var indexed = await Api.IndexAsync(fileId);
        Assert.That(indexed.Status, Is.EqualTo(HttpStatusCode.Created), indexed.Text);
        Assert.That(indexed["message"]!.GetValue<string>(), Is.EqualTo("Document indexed successfully"));

        var list = await Api.GetAsync($"{Path}?page=1&per_page=100", TestPlatform.AdminKey);

        Assert.That(list.Status, Is.EqualTo(HttpStatusCode.OK), list.Text);
        Assert.That(list["count"]!.GetValue<int>(), Is.GreaterThanOrEqualTo(1));
        var document = list["documents"]!.AsArray().Single(row => row!["file_id"]!.GetValue<Guid>() == fileId)!;
        Assert.That(document["id"]!.GetValue<Guid>(), Is.EqualTo(indexed["document_id"]!.GetValue<Guid>()));
        Assert.That(document["file_name"]!.GetValue<string>(), Is.EqualTo("listed.txt"));
        Assert.That(document["collection"]!.GetValue<string>(), Is.EqualTo("shared"));
    }

    [Test]
    public async Task IndexDocument_WhenTheFileIsIndexedAlready_IsRefusedUntilItIsRemoved()
    {
        var fileId = await Api.FileAsync(await Api.TokenAsync(), "twice.txt", "Some text.");
        var documentId = (await Api.IndexAsync(fileId))["document_id"]!.GetValue<Guid>();

        var again = await Api.IndexAsync(fileId);

        Assert.That(again.Status, Is.EqualTo(HttpStatusCode.Conflict));
        Assert.That(again["error"]!.GetValue<string>(), Is.EqualTo("Conflict"));
        Assert.That(again["message"]!.GetValue<string>(), Is.EqualTo("The file is already indexed in this collection"));
        Assert.That(again["document_id"]!.GetValue<Guid>(), Is.EqualTo(documentId));
        await Api.DeleteAsync($"{Path}/{documentId}", new { token = await Api.TokenAsync() }, TestPlatform.AdminKey);
        Assert.That((await Api.IndexAsync(fileId)).Status, Is.EqualTo(HttpStatusCode.Created));
    }

    [Test]
    public async Task IndexDocument_WhenManyAreIndexedAtOnce_CountsEveryChunkOnce()
    {
        await using var platform = await TestPlatform.StartAsync(Database);
        var api = platform.Api();
        var token = await api.TokenAsync();
        var files = await Task.WhenAll(Enumerable.Range(0, 6).Select(number => api.FileAsync(token, $"{number}.txt", $"Text {number}.")));

        var answers = await Task.WhenAll([.. files.Select(file => api.IndexAsync(file)), .. files.Select(file => api.IndexAsync(file))]);

        Assert.That(answers.Count(answer => answer.Status == HttpStatusCode.Created), Is.EqualTo(6), string.Join('\n', answers.Select(answer => answer.Text)));
        Assert.That(answers.Where(answer => answer.Status != HttpStatusCode.Created).Select(answer => answer.Status), Is.All.EqualTo(HttpStatusCode.Conflict));
        var library = await platform.QueryAsync(db => db.Set<DocumentLibrary>().SingleAsync());
        Assert.That((library.ChunkCount, library.Revision), Is.EqualTo((6, 6L)));
        Assert.That(await platform.QueryAsync(db => db.Set<RagChunk>().CountAsync()), Is.EqualTo(6));
    }

    [Test]
    public async Task IndexDocument_WhenTheLibraryIsFull_IsRefused()
    {
        await using var platform = await TestPlatform.StartAsync(Database, ("Rag:MaxChunks", "1"));
        var api = platform.Api();
        await api.IndexAsync(await api.FileAsync(await api.TokenAsync(), "a.txt", "one"));

        var answer = await api.IndexAsync(await api.FileAsync(await api.TokenAsync(), "b.txt", "two"));

        answer.AssertRefused(HttpStatusCode.Conflict, "Conflict", "The document library is full: it holds at most 1 chunks");
    }

    [Test]
    public async Task IndexDocument_WhenTheCallerMayNot_IsRefusedInTheDocumentedOrder()
    {
        var person = await Api.UserAsync();
        var token = await Api.TokenAsync();

        (await Api.PostAsync(Path)).AssertUnauthenticated("Missing API Key header (API-Key)");
        (await Api.PostAsync(Path, apiKey: "x")).AssertUnauthenticated("Invalid API Key");
        (await Api.PostAsync(Path, apiKey: person.ApiKey)).AssertForbidden("Admin privileges required to index documents");
        (await Api.PostAsync(Path, "{}", TestPlatform.AdminKey)).AssertBadRequest("Request body is required");
        (await Api.PostAsync(Path, new { file_id = "x" }, TestPlatform.AdminKey)).AssertBadRequest("Valid token is required");
        (await Api.PostAsync(Path, new { token = "x" }, TestPlatform.AdminKey)).AssertUnauthenticated("Invalid token provided");
        (await Api.PostAsync(Path, new { token }, TestPlatform.AdminKey)).AssertBadRequest("file_id is required in the request body");
        (await Api.PostAsync(Path, new { token, file_id = "x", collection = "mine" }, TestPlatform.AdminKey))
            .AssertBadRequest("collection must be shared or owner");
        (await Api.PostAsync(Path, new { token, file_id = "x", collection = (string?)null }, TestPlatform.AdminKey))
            .AssertBadRequest("collection must be shared or owner");
        (await Api.PostAsync(Path, new { token, file_id = "x" }, TestPlatform.AdminKey)).AssertRefused(HttpStatusCode.NotFound, "Not Found", "File with ID x not found");
    }

    [Test]
    public async Task ManageDocuments_WhenTheCallerMayNot_IsRefused()
    {
        var person = await Api.UserAsync();
        var token = await Api.TokenAsync();

        (await Api.GetAsync(Path, person.ApiKey)).AssertForbidden("Admin privileges required to view documents");
        (await Api.GetAsync($"{Path}?page=0", TestPlatform.AdminKey)).AssertBadRequest("page must be a number from 1 to 100000");
        (await Api.GetAsync($"{Path}?per_page=101", TestPlatform.AdminKey)).AssertBadRequest("per_page must be a number from 1 to 100");
        (await Api.GetAsync($"{Path}?page=x", TestPlatform.AdminKey)).AssertBadRequest("page must be a number from 1 to 100000");
        (await Api.DeleteAsync($"{Path}/x", apiKey: person.ApiKey)).AssertForbidden("Admin privileges required to remove documents");
        (await Api.DeleteAsync($"{Path}/x", apiKey: TestPlatform.AdminKey)).AssertBadRequest("Request body is required");
        (await Api.DeleteAsync($"{Path}/x", new { token }, TestPlatform.AdminKey)).AssertRefused(HttpStatusCode.NotFound, "Not Found", "Document with ID x not found");
    }

    [TestCase("a.exe", "text", "Only txt, md, pdf and docx files can be indexed")]
    [TestCase("a", "text", "Only txt, md, pdf and docx files can be indexed")]
    [TestCase("a.txt", " \n ", "The document contains no text to index")]
    [TestCase("a.docx", "not a package", "The document is damaged, encrypted or not of the type that its extension says")]
    [TestCase("a.pdf", "not a pdf", "The document is damaged, encrypted or not of the type that its extension says")]
    public async Task IndexDocument_WhenTheFileCannotBeRead_SaysWhy(string name, string text, string message)
    {
        var answer = await Api.IndexAsync(await Api.FileAsync(await Api.TokenAsync(), name, text));

        answer.AssertBadRequest(message);
    }

    [TestCase("word/document.xml", null, "")]
    [TestCase("_rels/.rels", "Target=\"/word/document.xml\"", "Target=\"http://example.com/document.xml\"")]
    [TestCase("_rels/.rels", "Target=\"/word/document.xml\"", "Target=\"../../document.xml\"")]
    [TestCase("[Content_Types].xml", "ContentType=\"application/", "ContentType=\"application//")]
    public async Task IndexDocument_WhenAWordFileContradictsItself_IsDamaged(string part, string? text, string instead)
    {
        var file = Changed(SampleDocuments.Of(".docx", "Leave is 20 days."), part, text, instead);

        var answer = await Api.IndexAsync(await Api.FileAsync(await Api.TokenAsync(), "a.docx", file));

        answer.AssertBadRequest("The document is damaged, encrypted or not of the type that its extension says");
    }

    [Test]
    public async Task IndexDocument_WhenTheTextIsNotUtf8_SaysSo()
    {
        var answer = await Api.IndexAsync(await Api.FileAsync(await Api.TokenAsync(), "latin.txt", Encoding.Latin1.GetBytes("Überraschung")));

        answer.AssertBadRequest("Text documents must be encoded in UTF-8");
    }

    [Test]
    public async Task IndexDocument_WhenThereIsTooMuchText_IsRefused()
    {
        var answer = await Api.IndexAsync(await Api.FileAsync(await Api.TokenAsync(), "long.txt", new string('a', RagDocument.MaxTextLength + 1)));

        answer.AssertRefused(HttpStatusCode.RequestEntityTooLarge, "Payload Too Large", "The document's text exceeds the maximum of 2000000 characters");
    }

    [Test]
    public async Task IndexDocument_WhenAWordFileUnpacksToFarMoreThanItIs_IsRefused()
    {
        var answer = await Api.IndexAsync(await Api.FileAsync(await Api.TokenAsync(), "bomb.docx", Bomb()));

        answer.AssertRefused(HttpStatusCode.RequestEntityTooLarge, "Payload Too Large", "The document's text exceeds the maximum of 2000000 characters");
    }

    [Test]
    public async Task IndexDocument_WhenDocumentIntelligenceIsConfigured_ReadsPdfThereAndFollowsItToNoOtherHost()
    {
        var polls = 0;
        await using var upstream = await LoopbackUpstream.StartAsync((http, request) =>
        {
            if (request.Method == "POST")
            {
                http.Response.StatusCode = StatusCodes.Status202Accepted;
                http.Response.Headers["Operation-Location"] = "https://elsewhere.invalid//operations/1?api-version=2024-11-30";
                return Task.CompletedTask;
            }

            var done = new JsonObject { ["status"] = "succeeded", ["analyzeResult"] = new JsonObject { ["content"] = "Text of a scan." } };
            return http.Response.WriteAsJsonAsync(++polls == 1 ? new JsonObject { ["status"] = "running" } : done, http.RequestAborted);
        });
        await using var platform = await TestPlatform.StartAsync(
            Database,
            ("AZURE_DOCUMENT_INTELLIGENCE_ENDPOINT", upstream.Address.AbsoluteUri),
            ("AZURE_DOCUMENT_INTELLIGENCE_KEY", "intelligence-key"));
        var api = platform.Api();

        var answer = await api.IndexAsync(await api.FileAsync(await api.TokenAsync(), "scan.pdf", "a scan"));

        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.Created), answer.Text);
        Assert.That(upstream.Requests, Has.All.Matches<UpstreamRequest>(request => request.Headers["Ocp-Apim-Subscription-Key"] == "intelligence-key"));
        Assert.That(upstream.Requests[0].Path, Is.EqualTo("/documentintelligence/documentModels/prebuilt-read:analyze"));
        Assert.That(await platform.QueryAsync(db => db.Set<RagChunk>().Select(chunk => chunk.Text).SingleAsync()), Is.EqualTo("Text of a scan."));
    }

    /// <summary>A package with a text of one part changed, or without the part.</summary>
    private static byte[] Changed(byte[] file, string part, string? text, string instead)
    {
        using var stream = new MemoryStream();
        stream.Write(file);
        using (var package = new ZipArchive(stream, ZipArchiveMode.Update, leaveOpen: true))
        {
            var entry = package.GetEntry(part)!;
            using var reader = new StreamReader(entry.Open());
            var known = reader.ReadToEnd();
            reader.Dispose();
            entry.Delete();
            if (text is not null)
            {
                Assert.That(known, Does.Contain(text));
                using var writer = new StreamWriter(package.CreateEntry(part).Open());
                writer.Write(known.Replace(text, instead, StringComparison.Ordinal));
            }
        }

        return stream.ToArray();
    }

    private static byte[] Bomb()
    {
        using var stream = new MemoryStream();
        using (var package = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            using var part = package.CreateEntry("word/document.xml", CompressionLevel.Fastest).Open();
            var zeros = new byte[1024 * 1024];
            for (var megabyte = 0; megabyte < 300; megabyte++)
            {
                part.Write(zeros);
            }
        }

        return stream.ToArray();
    }
}

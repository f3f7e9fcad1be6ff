using System.Net;
using System.Text;
using AiPlatform.Infrastructure.Shared;
using AiPlatform.WebApi.FunctionalTests.Support;

namespace AiPlatform.WebApi.FunctionalTests.Content;

[Parallelizable(ParallelScope.All)]
public sealed class AzureOutageTests
{
    [Test]
    public async Task Store_WhenItKeepsFailing_IsTriedThreeTimesAndNobodyPays()
    {
        await using var azure = await LoopbackUpstream.StartAsync(Upstream.Status(503));
        await using var platform = await TestPlatform.StartAsync(
            DatabaseProvider.Sqlite,
            ("Storage:Kind", "AzureBlob"),
            ("Storage:ConnectionString",
                $"DefaultEndpointsProtocol=http;AccountName=account;AccountKey={Convert.ToBase64String(new byte[32])};BlobEndpoint={azure.Address}account;"));
        var api = platform.Api();
        var person = await api.UserAsync();

        var image = await api.PostAsync("/image-generation/dalle3", new { prompt = "A lighthouse" }, token: person.Token);
        Assert.That(image.Status, Is.EqualTo(HttpStatusCode.InternalServerError));
        Assert.That(image.Text, Is.EqualTo("""{"response":"500","message":"The image could not be generated"}"""));
        Assert.That(azure.Requests, Has.Count.EqualTo(3));

        (await api.UploadAsync(person.Token, ("a.txt", Encoding.UTF8.GetBytes("hello"), "text/plain"))).AssertFailed("Error uploading files");
        Assert.That(azure.Requests, Has.Count.EqualTo(6));
        Assert.That((await api.GetAsync("/check-balance", person.ApiKey))["current_balance"]!.GetValue<long>(), Is.EqualTo(999));
    }
}

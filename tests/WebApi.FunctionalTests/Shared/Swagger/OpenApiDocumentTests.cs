using System.Net;
using AiPlatform.Domain.Operations;
using AiPlatform.Infrastructure.Shared;
using AiPlatform.WebApi.FunctionalTests.Support;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.WebApi.FunctionalTests.Shared.Swagger;

[Parallelizable(ParallelScope.All)]
public sealed class OpenApiDocumentTests
{
    private TestPlatform _platform = null!;
    private Api _api = null!;

    [OneTimeSetUp]
    public async Task UseSharedPlatformAsync()
    {
        _platform = await SharedPlatforms.GetAsync(DatabaseProvider.Sqlite);
        _api = _platform.Api();
    }

    [Test]
    public async Task Document_AsServed_IsTheApprovedOne()
    {
        var served = (await _api.GetAsync("/openapi.json")).Text;
        var received = Repository.PathOf("artifacts", "openapi.json");
        Directory.CreateDirectory(Path.GetDirectoryName(received)!);
        await File.WriteAllTextAsync(received, served + "\n");

        Assert.That(
            served + "\n",
            Is.EqualTo(await File.ReadAllTextAsync(Documentation.ApprovedFile)),
            "The public shape of the API changed. Look at it with `eng/openapi diff`, and if it should, `eng/openapi approve`.");
    }

    [Test]
    public async Task Document_UnderItsOtherName_IsTheSame()
    {
        var served = await _api.GetAsync("/openapi.json");
        var other = await _api.GetAsync("/swagger/v1/swagger.json");

        Assert.That(other.Status, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(other.Text, Is.EqualTo(served.Text));
    }

    [Test]
    public async Task SeedsDocument_IsSwagger2WithTheSeedsTitleAndRoutesAlone()
    {
        var document = (await _api.GetAsync("/apispec_1.json")).Json;

        Assert.That(document["swagger"]!.GetValue<string>(), Is.EqualTo("2.0"));
        Assert.That(document["info"]!["title"]!.GetValue<string>(), Is.EqualTo("API Documentation"));
        Assert.That(document["info"]!["description"]!.GetValue<string>(), Is.EqualTo("API endpoints with authentication"));
        Assert.That(document["info"]!["version"]!.GetValue<string>(), Is.EqualTo("1.0.0"));
        Assert.That(document["paths"]!["/check-balance"]!["get"], Is.Not.Null);
        Assert.That(document["paths"]!["/health"], Is.Null, "no surface's shape, so not the seed's");
    }

    [TestCase("/swagger/")]
    [TestCase("/apidocs/")]
    [TestCase("/docs/")]
    public async Task Page_UnderEachOfItsNames_LoadsNothingFromElsewhere(string path)
    {
        var page = await _api.GetAsync(path);

        Assert.That(page.Status, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(page.Text, Does.Contain("swagger-ui-bundle.js"));
        Assert.That(page.Text, Does.Not.Contain("src=\"http").And.Not.Contain("href=\"http").And.Not.Contain("=\"//"));
    }

    [Test]
    public async Task PageToRead_ShowsTheDocumentAndLoadsNothingFromElsewhere()
    {
        var page = await _api.GetAsync("/redoc");

        Assert.That(page.Status, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(page.Text, Does.Contain("redoc.standalone.js").And.Contain("AiPlatform API").And.Not.Contain("=\"http").And.Not.Contain("=\"//"));
        Assert.That((await _api.GetAsync("/redoc/redoc.standalone.js")).Status, Is.EqualTo(HttpStatusCode.OK));
        Assert.That((await _api.GetAsync("/redoc/index.js")).Text, Does.Contain("../openapi.json"));
    }

    [Test]
    public async Task Page_WithoutItsSlash_LeadsToThePage() =>
        Assert.That((await _api.GetAsync("/swagger")).Text, Does.Contain("swagger-ui-bundle.js"));

    [Test]
    public async Task Documentation_WhenRead_LeavesNoAuditRecord()
    {
        string[] paths = ["/openapi.json", "/apispec_1.json", "/swagger/", "/swagger/swagger-ui.css", "/docs/", "/apidocs/", "/redoc/"];
        foreach (var path in paths)
        {
            Assert.That((await _api.GetAsync(path)).Status, Is.EqualTo(HttpStatusCode.OK), path);
        }

        var recorded = await _platform.QueryAsync(db => db.Set<AuditRecord>().CountAsync(record => paths.Contains(record.Path)));
        Assert.That(recorded, Is.Zero);
    }

    [Test]
    public async Task Documentation_WhenSwitchedOff_IsNotServed()
    {
        await using var platform = await TestPlatform.StartAsync(DatabaseProvider.Sqlite, ("Docs:Enabled", "false"));
        var api = platform.Api();

        foreach (var path in new[] { "/openapi.json", "/swagger/v1/swagger.json", "/apispec_1.json", "/swagger", "/swagger/", "/docs/", "/apidocs/", "/redoc/" })
        {
            Assert.That((await api.GetAsync(path)).Status, Is.EqualTo(HttpStatusCode.NotFound), path);
        }

        Assert.That((await api.GetAsync("/check-balance", TestPlatform.AdminKey)).Status, Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public void EveryRoute_OfTheDocument_HasItsCredentialItsSuccessAndItsRefusals()
    {
        Assert.That(Documentation.Routes, Has.Count.GreaterThan(20));
        foreach (var route in Documentation.Routes)
        {
            var because = route.Operation["x-anonymous"]?.GetValue<string>();
            Assert.That(because is null ? route.Operation["security"]?.AsArray().Count : because.Length, Is.Positive, $"{route}");
            Assert.That(route.Operation["summary"]?.GetValue<string>(), Is.Not.Empty.And.Not.Contain("`"), $"{route}: a summary is plain text");
            Assert.That(route.Operation["responses"]!.AsObject().Count(response => response.Key.StartsWith('2')), Is.EqualTo(1), $"{route}");
            Assert.That(because is not null || route.Refusals(401).Any(), Is.True, $"{route}");
            Assert.That(route.Refusals(500), Is.Not.Empty, $"{route}");
        }
    }
}

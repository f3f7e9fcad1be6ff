using AiPlatform.Infrastructure.Shared;
using AiPlatform.WebApi.FunctionalTests.Support;
using Microsoft.Playwright;

namespace AiPlatform.WebApi.FunctionalTests.Shared.Swagger;

/// <summary>The page as its reader uses it: in a browser, against a real port. A browser waits for no slow machine.</summary>
[NonParallelizable]
public sealed class SwaggerPageTests
{
    private static readonly string[] BrowserFlags =
    [
        "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
        "--disable-component-update", "--disable-sync",
    ];

    [Test]
    public async Task SwaggerPage_WhenAuthorized_TriesOutCheckBalance()
    {
        var executable = Services.Require("AIPLATFORM_TEST_CHROMIUM");
        await using var platform = await TestPlatform.ListenAsync(DatabaseProvider.Sqlite);
        var token = await platform.Api().TokenAsync();
        using var playwright = await Playwright.CreateAsync();
        await using var browser = await playwright.Chromium.LaunchAsync(new() { ExecutablePath = executable, Args = BrowserFlags });
        var page = await browser.NewPageAsync();
        var elsewhere = new List<string>();
        page.Request += (_, request) => elsewhere.AddRange(IsElsewhere(request.Url, platform.Address) ? [request.Url] : []);

        await page.GotoAsync(new Uri(platform.Address, "swagger").AbsoluteUri);
        await AuthorizeAsync(page, ("API-Key", TestPlatform.AdminKey), ("X-Token", token));
        await page.Locator("#operations-tag-Metering").ClickAsync();
        var operation = page.Locator("#operations-Metering-getCheckBalance");
        await operation.Locator(".opblock-summary-control").ClickAsync();
        await operation.Locator(".execute").ClickAsync();
        var answer = operation.Locator(".live-responses-table .response");

        await Assertions.Expect(answer.Locator(".response-col_status")).ToContainTextAsync("200");
        await Assertions.Expect(answer.Locator(".response-col_description")).ToContainTextAsync("\"current_balance\": 999999");
        Assert.That(elsewhere, Is.Empty, "the page must work without a network");
    }

    private static bool IsElsewhere(string url, Uri platform) =>
        new Uri(url) is var address && address.Scheme is "http" or "https" && address.Authority != platform.Authority;

    private static async Task AuthorizeAsync(IPage page, params (string Header, string Secret)[] credentials)
    {
        await page.Locator(".auth-wrapper .authorize.unlocked").ClickAsync();
        foreach (var (header, secret) in credentials)
        {
            var form = page.Locator(".auth-container").Filter(new() { Has = page.Locator($"code:text-is('{header}')") });
            await form.Locator("input").FillAsync(secret);
            await form.Locator("button.authorize").ClickAsync();
        }

        await page.Locator(".modal-ux .btn-done").First.ClickAsync();
    }
}

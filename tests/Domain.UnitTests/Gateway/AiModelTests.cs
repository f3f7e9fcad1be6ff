using AiPlatform.Domain.Gateway;

namespace AiPlatform.Domain.UnitTests.Gateway;

public sealed class AiModelTests
{
    private static readonly DateTimeOffset Now = new(2025, 3, 5, 12, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset Later = Now.AddHours(1);
    private static readonly ModelTraits Traits = new("gpt-4o", [ModelCapability.Chat]);

    [Test]
    public void Model_WhenAdded_IsFoundByItsNameAndItsAliasesInLowerCase()
    {
        var model = new AiModel("GPT-4o", ["Omni", "gpt/4o"], Traits, [], Now);

        Assert.That(model.Names.Select(name => (name.Name, name.IsAlias)), Is.EquivalentTo(new[] { ("gpt-4o", false), ("omni", true), ("gpt/4o", true) }));
        Assert.That(model.Aliases, Is.EqualTo(new[] { "gpt/4o", "omni" }));
        Assert.That((model.Version, model.IsOffered), Is.EqualTo((1, true)));
    }

    [Test]
    public void Change_WhenRoutesStay_KeepsThemAndTheirIds()
    {
        var model = new AiModel("m", [], Traits, [new RouteTerms("OpenAI", "m"), new RouteTerms("Azure", "m") { Order = 1 }], Now);
        var kept = model.Routes[0].Id;

        model.Change(["other"], Traits, [new RouteTerms("openai", "m") { Weight = 7, Enabled = false }, new RouteTerms("Shed", "m")], Later);

        Assert.That(model.Routes.Select(route => (route.Provider, route.Weight, route.Enabled)), Is.EquivalentTo(new[] { ("OpenAI", 7, false), ("Shed", 100, true) }));
        Assert.That(model.Routes.Single(route => route.Provider == "OpenAI").Id, Is.EqualTo(kept));
        Assert.That((model.Aliases.Single(), model.Version, model.ModifiedAt), Is.EqualTo(("other", 2, Later)));
    }

    [Test]
    public void AddFallback_WhenTheRouteIsNew_StandsBehindTheOthersAndOnceOnly()
    {
        var model = new AiModel("m", [], Traits, [new RouteTerms("OpenAI", "m") { Order = 3 }], Now);

        Assert.That(model.AddFallback("Azure", "m", Later), Is.True);
        Assert.That(model.AddFallback("azure", "m", Later), Is.False);
        Assert.That(model.Routes.Select(route => route.RouteOrder), Is.EqualTo(new[] { 3, 4 }));
    }

    [Test]
    public void Retire_WhenRestored_IsOfferedAgain()
    {
        var model = new AiModel("m", [], Traits, [], Now);

        model.Retire(Later);
        model.Retire(Later.AddHours(1));
        Assert.That((model.IsOffered, model.RetiredAt), Is.EqualTo((false, (DateTimeOffset?)Later)));

        model.Restore(Later);
        Assert.That(model.IsOffered, Is.True);
    }

    [TestCase("")]
    [TestCase("two words")]
    [TestCase("-dash")]
    [TestCase("ümlaut")]
    public void Model_WhenItsNameIsNone_Throws(string name) =>
        Assert.That(() => new AiModel(name, [], Traits, [], Now), Throws.ArgumentException);

    [Test]
    public void Model_WhenSomethingIsOutOfRange_Throws()
    {
        Assert.That(() => Of(Traits with { QualityIndex = 100.1 }), Throws.ArgumentException);
        Assert.That(() => Of(Traits with { Capabilities = [] }), Throws.ArgumentException);
        Assert.That(() => Of(Traits with { Capabilities = [ModelCapability.Chat, ModelCapability.Chat] }), Throws.ArgumentException);
        Assert.That(() => Of(Traits with { MaxAnswerTokens = 0 }), Throws.ArgumentException);
        Assert.That(() => Of(Traits with { ContextWindow = 0 }), Throws.ArgumentException);
        Assert.That(() => Of(Traits with { OutputLimitField = "max_length" }), Throws.ArgumentException);
        Assert.That(() => Of(Traits with { MedianTokensPerSecond = 0 }), Throws.ArgumentException);
        Assert.That(() => Of(Traits, new RouteTerms("OpenAI", "m") { Weight = 0 }), Throws.ArgumentException);
        Assert.That(() => Of(Traits, new RouteTerms("OpenAI", "m") { Weight = 1001 }), Throws.ArgumentException);
        Assert.That(() => Of(Traits, new RouteTerms(" ", "m")), Throws.ArgumentException);
        Assert.That(() => Of(Traits, new RouteTerms("OpenAI", "m"), new RouteTerms("OPENAI", "m")), Throws.ArgumentException);
        Assert.That(() => new AiModel("m", ["M"], Traits, [], Now), Throws.ArgumentException);
        Assert.That(() => new AiModel("m", ["a", "A"], Traits, [], Now), Throws.ArgumentException);
    }

    [Test]
    public void Change_WhenItIsRefused_ChangesNothing()
    {
        var model = new AiModel("m", ["a"], Traits, [new RouteTerms("OpenAI", "m")], Now);

        Assert.That(() => model.Change(["b"], Traits with { Family = "other" }, [new RouteTerms("OpenAI", "m") { Order = -1 }], Later), Throws.ArgumentException);

        Assert.That((model.Family, model.Aliases.Single(), model.Version), Is.EqualTo(("gpt-4o", "a", 1)));
    }

    [Test]
    public void ModelChange_WhenNothingWasBefore_IsAnAddition()
    {
        var model = Of(Traits);
        var actor = Guid.Empty;

        Assert.That(new AiModelChange(model, ModelChangeKind.Added, null, "{}", actor).Version, Is.EqualTo(1));
        Assert.That(() => new AiModelChange(model, ModelChangeKind.Changed, null, "{}", actor), Throws.ArgumentException);
        Assert.That(() => new AiModelChange(model, ModelChangeKind.Added, "{}", "{}", actor), Throws.ArgumentException);
    }

    [Test]
    public void ModelAllowance_WhenAModelIsListedInAnotherCase_AllowsIt()
    {
        var list = new ModelAllowance(AllowanceOwnerKind.User, Guid.Empty, ["GPT-4o", "gpt-4o"], Guid.Empty, Now);

        Assert.That(list.Models, Is.EqualTo(new[] { "gpt-4o" }));
        Assert.That((list.Allows("gpt-4O"), list.Allows("o1")), Is.EqualTo((true, false)));
        Assert.That(() => list.ChangeTo(["two words"], Guid.Empty, Now), Throws.ArgumentException);
    }

    private static AiModel Of(ModelTraits traits, params RouteTerms[] routes) => new("m", [], traits, routes, Now);
}

using Mono.Cecil;

namespace AiPlatform.Architecture.Tests.Rules;

public sealed class RuleTests
{
    private static IEnumerable<TestCaseData> Rules() =>
        HouseRules.All.Select(rule => new TestCaseData(rule.Name).SetArgDisplayNames(rule.Name));

    [TestCaseSource(nameof(Rules))]
    public void Rule_WhenHeldAgainstTheSolution_IsKept(string rule) =>
        Assert.That(HouseRules.Named(rule).Check(CompiledTypes.OfTheSolution), Is.Empty);

    [TestCaseSource(nameof(Rules))]
    public void Rule_WhenAViolationIsPlanted_FindsIt(string rule)
    {
        var planted = CompiledTypes.Planted.Where(type => Breaks(type, rule)).Select(type => type.FullName).ToList();
        Assert.That(planted, Is.Not.Empty, "Nothing shows that this rule can fail.");

        var found = HouseRules.Named(rule).Check(CompiledTypes.Planted).Select(breach => breach.Type.FullName);

        Assert.That(found, Is.SupersetOf(planted));
    }

    [TestCaseSource(nameof(Rules))]
    public void Rule_WhenItConcernsNothing_IsRefused(string rule) =>
        Assert.That(() => HouseRules.Named(rule).Check([]), Throws.InstanceOf<InvalidOperationException>());

    [Test]
    public void Plantings_WhenTheyNameARule_NameOneThatExists()
    {
        var names = CompiledTypes.Planted.SelectMany(BrokenRules).Distinct().ToList();

        Assert.That(names, Is.Not.Empty.And.SubsetOf(HouseRules.All.Select(rule => rule.Name)));
    }

    [Test]
    public void Exclusions_WhenTheyNameAMethod_NameOneThatExists()
    {
        var methods = CompiledTypes.OfTheSolution.SelectMany(type => type.Methods).Select(AsyncRule.NameOf).ToList();

        Assert.That(AsyncRule.Exclusions.Keys, Is.SubsetOf(methods));
    }

    private static bool Breaks(TypeDefinition type, string rule) => BrokenRules(type).Contains(rule);

    private static IEnumerable<string> BrokenRules(TypeDefinition type) =>
        from attribute in type.CustomAttributes
        where attribute.AttributeType.Name == nameof(BreaksAttribute)
        select (string)attribute.ConstructorArguments[0].Value;
}

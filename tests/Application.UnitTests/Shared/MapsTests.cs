using AutoMapper;
using Microsoft.Extensions.DependencyInjection;

namespace AiPlatform.Application.UnitTests.Shared;

public sealed class MapsTests
{
    [Test]
    public void Maps_WhenAllProfilesAreScanned_FillEveryMemberOfTheirReadModels()
    {
        using var services = new ServiceCollection().AddApplication().BuildServiceProvider();
        var maps = services.GetRequiredService<IConfigurationProvider>();

        Assert.That(maps.GetAllTypeMaps(), Is.Not.Empty);
        Assert.That(maps.AssertConfigurationIsValid, Throws.Nothing);
    }
}

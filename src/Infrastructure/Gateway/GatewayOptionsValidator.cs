using AiPlatform.Application.Gateway;
using Microsoft.Extensions.Options;

namespace AiPlatform.Infrastructure.Gateway;

/// <summary>Stops the start at a wrong value, with its key and what is expected.</summary>
internal sealed class GatewayOptionsValidator(IModelCatalogue catalogue) : IValidateOptions<GatewayOptions>
{
    public ValidateOptionsResult Validate(string? name, GatewayOptions options)
    {
        var errors = new ProviderSettingsReader(options).Errors.Concat(UnknownModels(options)).ToList();
        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }

    private IEnumerable<string> UnknownModels(GatewayOptions options) =>
        from provider in options.Providers
        from model in provider.Value.Models.Keys
        where catalogue.Find(model) is null
        select $"{GatewayOptions.SectionName}:{provider.Key}:Models:{model} must name a model of the catalogue.";
}

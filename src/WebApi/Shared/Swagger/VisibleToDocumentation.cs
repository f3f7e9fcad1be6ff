using Microsoft.AspNetCore.Mvc.ApplicationModels;

namespace AiPlatform.WebApi.Shared.Swagger;

/// <summary>Shows every action to the documentation; the framework shows only those of <c>[ApiController]</c>s by itself.</summary>
internal sealed class VisibleToDocumentation : IApplicationModelConvention
{
    /// <inheritdoc/>
    public void Apply(ApplicationModel application) => application.ApiExplorer.IsVisible = true;
}

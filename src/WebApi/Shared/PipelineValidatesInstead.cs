using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.ModelBinding.Validation;

namespace AiPlatform.WebApi.Shared;

/// <summary>
/// Leaves requests to the pipeline's validators. The attributes on their properties are documentation: read as rules they would
/// run before authentication, in words of their own, and over fields that carry no value.
/// </summary>
internal sealed class PipelineValidatesInstead : IObjectModelValidator
{
    public void Validate(ActionContext actionContext, ValidationStateDictionary? validationState, string prefix, object? model)
    {
    }
}

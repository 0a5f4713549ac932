package image

// RegisteredArguments are the arguments of modelarts_image that the service takes.
func RegisteredArguments() []string { return registeredKind.names() }

// SavedArguments are the arguments of modelarts_notebook_image that the service takes, or
// that make it save a notebook again.
func SavedArguments() []string { return savedKind.names() }

func (k *kind) names() []string {
	names := make([]string, len(k.arguments))
	for i, a := range k.arguments {
		names[i] = a.name
	}
	return names
}

"""`glassnet demo`: a page made with Gradio on which a network reads test images, drawings and photos."""
